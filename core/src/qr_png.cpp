// SPDX-License-Identifier: Apache-2.0
// Native only. libpng, and zlib below it, get their memory here, so that no trace of the picture is left in it.
#include <png.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "countersign/qr.h"
#include "secret_text.h"

namespace countersign {
namespace {

/// Stands before each block, so that the whole block can be wiped when it comes back.
struct alignas(std::max_align_t) BlockHead {
    std::size_t size;
};

void* allocate(png_structp, png_alloc_size_t size) {
    void* const block = std::malloc(sizeof(BlockHead) + size);
    if (block == nullptr) return nullptr;
    return new (block) BlockHead{size} + 1;
}

void wipe_and_free(png_structp, void* memory) {
    if (memory == nullptr) return;
    BlockHead* const head = static_cast<BlockHead*>(memory) - 1;
    wipe_memory(memory, head->size);
    std::free(head);
}

/// All that can go wrong is that memory is out; nothing in the core goes on without it.
[[noreturn]] void end(png_structp, png_const_charp) { std::abort(); }
void pass_over(png_structp, png_const_charp) {}

void append_bytes(png_structp png, std::uint8_t* bytes, std::size_t size) {
    static_cast<SecretText*>(png_get_io_ptr(png))->append({reinterpret_cast<const char*>(bytes), size});
}
void flush(png_structp) {}

}  // namespace

Result<Secret> qr_png(const QrCode& code, const QrPngOptions& options) {
    auto bitmap = qr_bitmap(code, options);
    if (!bitmap) return fail(bitmap.error().code);
    SecretText file(8192);
    png_structp png = png_create_write_struct_2(PNG_LIBPNG_VER_STRING, nullptr, &end, &pass_over, nullptr, &allocate,
                                                &wipe_and_free);
    if (png == nullptr) std::abort();  // out of memory, or a library of another kind than its header
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(png, &file, &append_bytes, &flush);
    const auto side = static_cast<png_uint_32>(bitmap->side);
    png_set_IHDR(png, info, side, side, 1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    const auto rows = bitmap->rows.bytes();
    for (std::size_t y = 0; y < side; ++y) png_write_row(png, rows.subspan(y * (rows.size() / side)).data());
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return file.take();
}

}  // namespace countersign
