// The addon's face to JavaScript, in plain Node-API (version 8). What it exports is described in loader/addon.ts.
#include <node_api.h>

#include <bit>
#include <cstring>
#include <new>
#include <string>

#include "decode.h"
#include "error.h"
#include "huge_pages.h"
#include "memory.h"
#include "runtime.h"
#include "words.h"

namespace gerbert {

namespace {

// Changes whenever what passes between the loader and the addon does; the loader's constant must be the same.
constexpr int abiVersion = 1;

constexpr size_t alignment = 64;

// What belongs to one environment: the main thread's or a worker's.
struct Instance {
  MemoryTable memory;
  const Kernels* table = nullptr;
  double* block = nullptr;
  napi_ref blockReference = nullptr;
};

// ---- errors

// Throws a JavaScript Error with `code` and the mark that tells Gerbert's errors from others.
void throwError(napi_env env, const char* code, const std::string& message) {
  napi_value codeValue, text, error, global, symbol, symbolFor, key, mark, yes;
  if (napi_create_string_utf8(env, code, NAPI_AUTO_LENGTH, &codeValue) != napi_ok ||
      napi_create_string_utf8(env, message.data(), message.size(), &text) != napi_ok ||
      napi_create_error(env, codeValue, text, &error) != napi_ok) {
    return;
  }
  if (napi_get_global(env, &global) == napi_ok && napi_get_named_property(env, global, "Symbol", &symbol) == napi_ok &&
      napi_get_named_property(env, symbol, "for", &symbolFor) == napi_ok &&
      napi_create_string_utf8(env, "gerbert.error", NAPI_AUTO_LENGTH, &key) == napi_ok &&
      napi_call_function(env, symbol, symbolFor, 1, &key, &mark) == napi_ok && napi_get_boolean(env, true, &yes) == napi_ok) {
    napi_set_property(env, error, mark, yes);
  }
  napi_throw(env, error);
}

// Runs body(), turning what it throws into a JavaScript exception.
template <class Body>
napi_value guarded(napi_env env, Body body) {
  try {
    return body();
  } catch (const Error& error) {
    throwError(env, error.code, error.message);
  } catch (const std::bad_alloc&) {
    throwError(env, "OUT_OF_MEMORY", "the addon could not allocate memory for its own bookkeeping");
  }
  return nullptr;
}

void check(napi_status status, const char* what) {
  if (status != napi_ok) throw Error("NATIVE_CALL", std::string("Node-API failed to ") + what);
}

napi_value makeNumber(napi_env env, double x) {
  napi_value value;
  check(napi_create_double(env, x, &value), "create a number");
  return value;
}

// The instance, and the first `count` arguments of the call.
Instance* receive(napi_env env, napi_callback_info info, size_t count, napi_value* arguments) {
  void* data;
  size_t given = count;
  check(napi_get_cb_info(env, info, &given, arguments, nullptr, &data), "read the arguments");
  if (given < count) throw Error("NATIVE_CALL", "an argument is missing");
  return static_cast<Instance*>(data);
}

double readNumber(napi_env env, napi_value value) {
  double x;
  if (napi_get_value_double(env, value, &x) != napi_ok) throw Error("NATIVE_CALL", "a number is expected");
  return x;
}

// ---- what JavaScript calls

// call(): runs the kernel whose number and arguments stand in the block.
napi_value call(napi_env env, napi_callback_info info) {
  void* data;
  if (napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data) != napi_ok) return nullptr;
  const Instance& instance = *static_cast<Instance*>(data);
  return guarded(env, [&]() -> napi_value {
    int count;
    const Entry* all = entries(&count);
    const double number = instance.block[0];
    if (!(number >= 0 && number < count)) throw Error("KERNEL_ARGUMENT", "there is no kernel of this number");
    if (!instance.table) throw Error("NATIVE_CALL", "start() has not been called");
    const Entry& one = all[int(number)];
    one.run(*instance.table, instance.memory, instance.block + 1, one);
    return nullptr;
  });
}

// adopt(data: ArrayBuffer, base: Float64Array(1)): the handle; base[0] becomes the offset of the first aligned byte.
napi_value adopt(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    napi_value arguments[2];
    Instance& instance = *receive(env, info, 2, arguments);
    void* data;
    size_t bytes;
    if (napi_get_arraybuffer_info(env, arguments[0], &data, &bytes) != napi_ok) {
      throw Error("KERNEL_ARGUMENT", "adopt: memory must be an ArrayBuffer, not shared");
    }
    napi_typedarray_type type;
    size_t length;
    void* base;
    if (napi_get_typedarray_info(env, arguments[1], &type, &length, &base, nullptr, nullptr) != napi_ok || type != napi_float64_array ||
        length < 1) {
      throw Error("KERNEL_ARGUMENT", "adopt: the second argument must be a Float64Array");
    }
    const size_t ahead = (alignment - uintptr_t(data) % alignment) % alignment;
    const size_t skipped = ahead < bytes ? ahead : bytes;
    napi_ref reference;
    check(napi_create_reference(env, arguments[0], 1, &reference), "hold the memory");
    uint64_t handle;
    try {
      handle = instance.memory.adopt(static_cast<char*>(data) + skipped, bytes - skipped, reference);
    } catch (...) {
      napi_delete_reference(env, reference);
      throw;
    }
    if (bytes >= 2 * hugePage) adviseHugePages(static_cast<char*>(data), bytes);
    *static_cast<double*>(base) = double(skipped);
    return makeNumber(env, double(handle));
  });
}

// release(handle)
napi_value release(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    napi_value argument;
    Instance& instance = *receive(env, info, 1, &argument);
    const napi_ref reference = instance.memory.release(readNumber(env, argument));
    if (!reference) throw Error("KERNEL_ARGUMENT", "release: this memory has been freed already or was never allocated");
    napi_delete_reference(env, reference);
    return nullptr;
  });
}

// start(isa, threads): chooses this instance's table by name, and the size of the pool where nobody has yet.
napi_value start(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    napi_value arguments[2];
    Instance& instance = *receive(env, info, 2, arguments);
    char name[32];
    check(napi_get_value_string_utf8(env, arguments[0], name, sizeof name, nullptr), "read the name of an instruction set");
    const int threads = int(readNumber(env, arguments[1]));
    int count;
    const Isa* all = isas(&count);
    for (int i = 0; i < count; i++) {
      if (all[i].supported && strcmp(all[i].name, name) == 0) {
        instance.table = all[i].table();
        startThreads(threads);
        return nullptr;
      }
    }
    throw Error("NATIVE_CALL", std::string("this processor has no instruction set ") + name);
  });
}

napi_value setThreadsOf(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    napi_value argument;
    receive(env, info, 1, &argument);
    setThreads(int(readNumber(env, argument)));
    return nullptr;
  });
}

napi_value threadsOf(napi_env env, napi_callback_info) {
  return guarded(env, [&] { return makeNumber(env, threads()); });
}

napi_value scratchAllocationsOf(napi_env env, napi_callback_info) {
  return guarded(env, [&] { return makeNumber(env, double(scratchAllocations())); });
}

// A typed array whose memory nobody else writes to. One whose memory has been taken away has no elements.
template <class T>
Array<T> readArray(napi_env env, napi_value value, napi_typedarray_type wanted, const char* name) {
  napi_typedarray_type type;
  size_t length;
  void* data;
  napi_value memory;
  bool own = false;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, &memory, nullptr) != napi_ok || type != wanted ||
      napi_is_arraybuffer(env, memory, &own) != napi_ok || !own) {
    throw Error("SCAN_ARGUMENT", std::string("scanWords: ") + name + " must be " +
                                     (wanted == napi_int32_array ? "an Int32Array" : "a Uint8Array") + ", not shared");
  }
  return {static_cast<T*>(data), length};
}

// scanWords(state, bytes, kinds, entries, pool, ids, records?): why it stopped.
napi_value scanWords(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    constexpr size_t most = 7, least = 6;
    napi_value given[most];
    size_t count = most;
    check(napi_get_cb_info(env, info, &count, given, nullptr, nullptr), "read the arguments");
    if (count != least && count != most) throw Error("SCAN_ARGUMENT", "scanWords: 6 or 7 arguments must be given");
    ScanArrays arrays;
    arrays.tracked = count == most;
    arrays.state = readArray<int32_t>(env, given[0], napi_int32_array, "the state");
    arrays.bytes = readArray<uint8_t>(env, given[1], napi_uint8_array, "the text");
    arrays.kinds = readArray<uint8_t>(env, given[2], napi_uint8_array, "the list of kinds");
    arrays.entries = readArray<int32_t>(env, given[3], napi_int32_array, "the table of words");
    arrays.pool = readArray<int32_t>(env, given[4], napi_int32_array, "the pool");
    arrays.ids = readArray<int32_t>(env, given[5], napi_int32_array, "the list of ids");
    if (arrays.tracked) arrays.records = readArray<int32_t>(env, given[6], napi_int32_array, "the list of records");
    napi_value stop;
    check(napi_create_int32(env, int32_t(scanWordsOf(arrays)), &stop), "create a number");
    return stop;
  });
}

// ---- exports

napi_value makeString(napi_env env, const std::string& text) {
  napi_value value;
  check(napi_create_string_utf8(env, text.data(), text.size(), &value), "create a string");
  return value;
}

void set(napi_env env, napi_value object, const char* name, napi_value value) {
  check(napi_set_named_property(env, object, name, value), "set a property");
}

void setFunction(napi_env env, napi_value exports, const char* name, napi_callback callback, Instance* instance) {
  napi_value function;
  check(napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, instance, &function), "create a function");
  set(env, exports, name, function);
}

napi_value makeArray(napi_env env) {
  napi_value array;
  check(napi_create_array(env, &array), "create an array");
  return array;
}

// [{ name, signature }]
napi_value describeKernels(napi_env env) {
  napi_value list = makeArray(env);
  int count;
  const Entry* all = entries(&count);
  for (int i = 0; i < count; i++) {
    napi_value item;
    check(napi_create_object(env, &item), "create an object");
    set(env, item, "name", makeString(env, all[i].name));
    set(env, item, "signature", makeString(env, all[i].signature()));
    check(napi_set_element(env, list, uint32_t(i), item), "set an element");
  }
  return list;
}

// [{ name, supported }]
napi_value describeIsas(napi_env env) {
  napi_value list = makeArray(env);
  int count;
  const Isa* all = isas(&count);
  for (int i = 0; i < count; i++) {
    napi_value item, supported;
    check(napi_create_object(env, &item), "create an object");
    check(napi_get_boolean(env, all[i].supported, &supported), "create a boolean");
    set(env, item, "name", makeString(env, all[i].name));
    set(env, item, "supported", supported);
    check(napi_set_element(env, list, uint32_t(i), item), "set an element");
  }
  return list;
}

napi_value init(napi_env env, napi_value exports) {
  return guarded(env, [&] {
    Instance* instance = new Instance;
    if (napi_set_instance_data(
            env, instance, [](napi_env, void* data, void*) { delete static_cast<Instance*>(data); }, nullptr) != napi_ok) {
      delete instance;
      throw Error("NATIVE_CALL", "Node-API failed to keep the instance");
    }
    napi_value memory, block;
    void* data;
    check(napi_create_arraybuffer(env, blockNumbers * sizeof(double), &data, &memory), "create the argument block");
    check(napi_create_reference(env, memory, 1, &instance->blockReference), "hold the argument block");
    check(napi_create_typedarray(env, napi_float64_array, blockNumbers, memory, 0, &block), "create the argument block");
    memset(data, 0, blockNumbers * sizeof(double));
    instance->block = static_cast<double*>(data);

    set(env, exports, "abi", makeNumber(env, abiVersion));
    set(env, exports, "version", makeString(env, GERBERT_VERSION));
    set(env, exports, "block", block);
    set(env, exports, "kernels", describeKernels(env));
    set(env, exports, "isas", describeIsas(env));
    setFunction(env, exports, "start", start, instance);
    setFunction(env, exports, "call", call, instance);
    setFunction(env, exports, "adopt", adopt, instance);
    setFunction(env, exports, "release", release, instance);
    setFunction(env, exports, "setThreads", setThreadsOf, instance);
    setFunction(env, exports, "threads", threadsOf, instance);
    setFunction(env, exports, "scratchAllocations", scratchAllocationsOf, instance);
    // The words of tokenizers' tables are read eight bytes at a time.
    if constexpr (std::endian::native == std::endian::little) setFunction(env, exports, "scanWords", scanWords, instance);
    return exports;
  });
}

}  // namespace

}  // namespace gerbert

NAPI_MODULE_INIT() { return gerbert::init(env, exports); }
