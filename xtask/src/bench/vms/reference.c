/* What the example `vms` of lua-cli does, for states of the reference implementation:

     reference COUNT bare|load|run [NAME FILE]...

   opens COUNT states at once, loads each FILE as a function and keeps it, or requires each NAME, and
   prints one JSON object. Times are in microseconds: of the first state, and the mean of the later ones. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static double cpu(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static int failed = 0;

static void complain(lua_State *L, const char *name) {
  fprintf(stderr, "%s: %s\n", name, lua_tostring(L, -1));
  lua_pop(L, 1);
  failed++;
}

/* Loads or requires every module. */
static void modules(lua_State *L, int run, int count, char **words) {
  lua_newtable(L);
  for (int i = 0; i < count; i += 2) {
    if (run) {
      lua_getglobal(L, "require");
      lua_pushstring(L, words[i]);
      if (lua_pcall(L, 1, 1, 0) != LUA_OK) complain(L, words[i]);
      else lua_rawseti(L, 1, i / 2 + 1);
    } else if (luaL_loadfile(L, words[i + 1]) != LUA_OK) complain(L, words[i]);
    else lua_rawseti(L, 1, i / 2 + 1);
  }
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int count = atoi(argv[1]);
  int run = strcmp(argv[2], "run") == 0, bare = strcmp(argv[2], "bare") == 0;
  lua_State **states = malloc(sizeof(lua_State *) * (size_t)count);
  double open[2] = {0, 0}, work[2] = {0, 0};
  double accounted = 0, before = cpu();
  if (states == NULL) return 2;
  for (int i = 0; i < count; i++) {
    double start = now();
    states[i] = luaL_newstate();
    if (states[i] == NULL) return 2;
    luaL_openlibs(states[i]);
    double opened = now();
    if (!bare) modules(states[i], run, argc - 3, argv + 3);
    open[i > 0] += opened - start;
    work[i > 0] += now() - opened;
  }
  for (int i = 0; i < count; i++)
    accounted += lua_gc(states[i], LUA_GCCOUNT) * 1024.0 + lua_gc(states[i], LUA_GCCOUNTB);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  for (int i = 0; i < count; i++) lua_close(states[i]);
  int later = count > 1 ? count - 1 : 1;
  printf("{\"count\": %d, \"modules\": %d, \"failed\": %d, \"accounted_bytes\": %.0f, \"peak_bytes\": %.0f, "
         "\"open_first_us\": %.2f, \"open_later_us\": %.2f, \"work_first_us\": %.2f, \"work_later_us\": %.2f, \"cpu_us\": %.0f}\n",
         count, (argc - 3) / 2, failed, accounted / count, usage.ru_maxrss * 1024.0,
         open[0], open[1] / later, work[0], work[1] / later, cpu() - before);
  return 0;
}
