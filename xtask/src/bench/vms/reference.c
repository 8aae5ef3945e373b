/* What the example `vms` of lua-cli does, for states of the reference implementation:

     reference COUNT bare|load|run kept|in-turn [NAME FILE]...

   opens COUNT states, at once or one after the other, loads each FILE as a function and keeps it, or requires each NAME,
   and prints one JSON object. Times are processor time in microseconds: of the first state, and the median of the later ones. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

static double cpu(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Of the times after the first. */
static double median(double *times, int count) {
  if (count < 2) return 0;
  qsort(times + 1, (size_t)count - 1, sizeof(double), ascending);
  return times[1 + (count - 1) / 2];
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
  if (argc < 4) return 2;
  int count = atoi(argv[1]);
  int run = strcmp(argv[2], "run") == 0, bare = strcmp(argv[2], "bare") == 0, in_turn = strcmp(argv[3], "in-turn") == 0;
  lua_State **states = malloc(sizeof(lua_State *) * (size_t)count);
  double *open = malloc(sizeof(double) * (size_t)count), *work = malloc(sizeof(double) * (size_t)count);
  double accounted = 0, before = cpu();
  if (states == NULL || open == NULL || work == NULL) return 2;
  for (int i = 0; i < count; i++) {
    double start = cpu();
    states[i] = luaL_newstate();
    if (states[i] == NULL) return 2;
    luaL_openlibs(states[i]);
    double opened = cpu();
    if (!bare) modules(states[i], run, argc - 4, argv + 4);
    open[i] = opened - start;
    work[i] = cpu() - opened;
    if (in_turn && i > 0) lua_close(states[i]);
  }
  int kept = in_turn ? 1 : count;
  for (int i = 0; i < kept; i++)
    accounted += lua_gc(states[i], LUA_GCCOUNT) * 1024.0 + lua_gc(states[i], LUA_GCCOUNTB);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  for (int i = 0; i < kept; i++) lua_close(states[i]);
  double open_first = open[0], work_first = work[0];
  printf("{\"count\": %d, \"modules\": %d, \"failed\": %d, \"accounted_bytes\": %.0f, \"peak_bytes\": %.0f, "
         "\"open_first_us\": %.2f, \"open_later_us\": %.2f, \"work_first_us\": %.2f, \"work_later_us\": %.2f, \"cpu_us\": %.0f}\n",
         count, (argc - 4) / 2, failed, accounted / kept, usage.ru_maxrss * 1024.0,
         open_first, median(open, count), work_first, median(work, count), cpu() - before);
  return 0;
}
