using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using SkiaSharp;
using StellarPay.Frontdoor.Merchants.Logos;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;

namespace StellarPay.Frontdoor.Tests.Merchants;

/// <summary>
/// Logos: shown on pages, as nothing but pixels. The bug kept away: a file of a stranger's on the origin where payers log in.
/// </summary>
[Collection<SessionHostCollection>]
public sealed class LogoTests(SessionHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A logo of one colour, as it is sent.</summary>
    public static string Of(byte red, byte green, byte blue) => Convert.ToBase64String(FileOf(red, green, blue));

    [Fact]
    public async Task It_is_written_anew_and_stands_on_pages_until_it_is_another()
    {
        var shop = await PaidShop.OpenAsync(host);
        const string evil = "<script>alert(1)</script>";

        var path = await SetAsync(shop, Convert.ToBase64String([
            .. FileOf(10, 20, 30, Chunk("tEXt", Encoding.ASCII.GetBytes($"Comment\0{evil}"))), .. Encoding.ASCII.GetBytes(evil),
        ]));

        var (status, bytes, type, kept) = await GetAsync(path!);
        (status, type, kept).ShouldBe((HttpStatusCode.OK, "image/png", "public, max-age=31536000, immutable"));
        Encoding.Latin1.GetString(bytes).ShouldNotContain("script");
        using var shown = SKBitmap.Decode(bytes);
        (shown.Width, shown.Height, shown.GetPixel(7, 9)).ShouldBe((24, 16, new SKColor(10, 20, 30)));
        (await PageAsync(shop)).ShouldContain(path!);
        (await shop.Server.GetAsync("/v1/merchant")).ShouldBeOk().Body.GetProperty("logo").GetString().ShouldBe(path);

        var next = await SetAsync(shop, Of(10, 20, 31));
        next.ShouldNotBe(path);
        (await shop.Owner.PatchAsync($"/v1/merchants/{shop.Id}", new { brand_color = "#ffcc00" })).ShouldBeOk()
            .Body.GetProperty("logo").GetString().ShouldBe(next, "what is not named stays");
        (await PageAsync(shop)).ShouldContain(next!);
        (await SetAsync(shop, null)).ShouldBeNull();
        (await PageAsync(shop)).ShouldNotContain("class=\"logo\"");
        (await GetAsync($"/checkout/assets/logo-{new string('0', 64)}.png")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync("/checkout/assets/logo-x.png")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_no_small_picture_is_refused_and_changes_nothing()
    {
        var shop = await PaidShop.OpenAsync(host);
        var path = await SetAsync(shop, Of(1, 2, 3));
        var good = FileOf(1, 2, 3);
        string[] hostile =
        [
            "not base64!",
            Convert.ToBase64String("GIF89a and more of it, so that it is no short file"u8.ToArray()),
            Convert.ToBase64String(good[..^20]),
            // What they say is not what they unpack to, or more than may be.
            Convert.ToBase64String(Sized(100_000, 16, Lines(100_000, 16))),
            Convert.ToBase64String(Sized(513, 16, Lines(513, 16))),
            Convert.ToBase64String(Sized(15, 16, Lines(15, 16))),
            Convert.ToBase64String(Sized(16, 15, Lines(16, 15))),
            Convert.ToBase64String(Sized(16, 16, new byte[16 * 1024 * 1024])),
            Convert.ToBase64String(Sized(16, 16, [9])),
            Convert.ToBase64String(Framed(16, 16, 2, [0x78, 0x20, 1, 2, 3, 4, 5])),
            Convert.ToBase64String(Framed(16, 16, 2, [])),
            Convert.ToBase64String([.. good, .. new byte[33 * 1024]]),
            Convert.ToBase64String(Corrupt(good)),
        ];

        foreach (var logo in hostile)
        {
            (await shop.Owner.PatchAsync($"/v1/merchants/{shop.Id}", new { logo }))
                .ShouldBeError(HttpStatusCode.BadRequest, "logo_invalid", "logo");
        }

        (await shop.Owner.GetAsync($"/v1/merchants/{shop.Id}")).ShouldBeOk().Body.GetProperty("logo").GetString().ShouldBe(path);
    }

    [Fact]
    public async Task It_changes_so_often_a_day_and_no_more_and_a_suspended_business_has_none()
    {
        var shop = await PaidShop.OpenAsync(host);
        for (byte change = 0; change < 50; change++)
        {
            await SetAsync(shop, Of(change, 0, 0));
        }

        (await shop.Owner.PatchAsync($"/v1/merchants/{shop.Id}", new { logo = Of(99, 0, 0) }))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_logos", "logo");
        var path = await SetAsync(shop, Of(49, 0, 0));
        await using var suspend = host.Database.DataSource.CreateCommand("UPDATE merchants.merchants SET suspended_at = now() WHERE id = $1");
        suspend.Parameters.AddWithValue(shop.Id);
        (await suspend.ExecuteNonQueryAsync(Cancelled)).ShouldBe(1);
        (await GetAsync(path!)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    // The decoder is somebody else's: whatever comes out of it is a refusal or a picture. What is changed is what is unpacked, and sums
    // hold.
    [Fact]
    public void No_bytes_bring_anything_but_a_picture_or_a_refusal()
    {
        var random = new Random(20261129);
        (byte, int)[] kinds = [(0, 1), (2, 3), (3, 1), (4, 2), (6, 4)];
        var (pictures, refusals) = (0, 0);
        for (var run = 0; run < 3_000; run++)
        {
            // Half of them are as long as they should be, and say filters that there are.
            var (colors, bytesAPixel) = kinds[random.Next(kinds.Length)];
            var isWhole = run % 2 == 0;
            var line = (16 * bytesAPixel) + 1;
            var unpacked = new byte[isWhole ? 16 * line : random.Next(1, 64 * line)];
            random.NextBytes(unpacked);
            for (var at = 0; at < unpacked.Length; at += line)
            {
                unpacked[at] = (byte)random.Next(isWhole ? 5 : 8);
            }

            var file = Sized(16, 16, unpacked, isWhole ? colors : (byte)random.Next(8), isWhole ? (byte)8 : (byte)(1 << random.Next(5)));
            var (png, problem) = LogoImage.Read(Convert.ToBase64String(file));
            (png is null).ShouldBe(problem is not null);
            (png is null || SKBitmap.Decode(png) is { Width: 16, Height: 16 }).ShouldBeTrue();
            (pictures, refusals) = png is null ? (pictures, refusals + 1) : (pictures + 1, refusals);
        }

        pictures.ShouldBeGreaterThan(50);
        refusals.ShouldBeGreaterThan(50);
    }

    // Of colours 1, 2 and 3 in turn, in two bits each: a decoder that we had took filters for pixels.
    [Fact]
    public void A_palette_with_filters_stays_the_picture_that_it_is()
    {
        var unpacked = new List<byte>();
        for (var y = 0; y < 18; y++)
        {
            // Up, but for the first line: each is as the one above.
            unpacked.AddRange(y == 0
                ? [0, 0b00_01_10_11, 0b00_01_10_11, 0b00_01_10_11, 0b00_01_10_11, 0b00_01_0000]
                : [2, 0, 0, 0, 0, 0]);
        }

        byte[] colors = [10, 0, 0, 20, 0, 0, 30, 0, 0, 40, 0, 0];

        var (png, problem) = LogoImage.Read(Convert.ToBase64String(Framed(18, 18, 3, Packed([.. unpacked]), 2, Chunk("PLTE", colors))));

        problem.ShouldBeNull();
        using var shown = SKBitmap.Decode(png);
        foreach (var (x, y) in new[] { (0, 0), (1, 7), (2, 17), (3, 9), (16, 4), (17, 17) })
        {
            shown.GetPixel(x, y).ShouldBe(new SKColor((byte)(10 * ((x % 4) + 1)), 0, 0));
        }
    }

    private static byte[] FileOf(byte red, byte green, byte blue, byte[]? more = null)
    {
        var lines = Lines(24, 16);
        for (var at = 0; at < 24 * 16; at++)
        {
            var pixel = lines.AsSpan(((at / 24) * 73) + 1 + (at % 24 * 3));
            (pixel[0], pixel[1], pixel[2]) = (red, green, blue);
        }

        return Framed(24, 16, 2, Packed(lines), more: more);
    }

    // Unfiltered lines of black in red, green and blue.
    private static byte[] Lines(int width, int height) => new byte[((width * 3) + 1) * height];

    private static byte[] Sized(uint width, uint height, byte[] unpacked, byte colors = 2, byte depth = 8) =>
        Framed(width, height, colors, Packed(unpacked), depth, colors == 3 ? Chunk("PLTE", [1, 2, 3, 4, 5, 6]) : null);

    private static byte[] Packed(byte[] unpacked)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(unpacked);
        }

        return packed.ToArray();
    }

    // A whole file, by the format's own description.
    private static byte[] Framed(uint width, uint height, byte colors, byte[] packed, byte depth = 8, byte[]? more = null)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, colors);
        return
        [
            0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, .. Chunk("IHDR", header), .. more ?? [], .. Chunk("IDAT", packed), .. Chunk("IEND", []),
        ];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Crc(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var each in bytes)
        {
            crc ^= each;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xedb88320;
            }
        }

        return ~crc;
    }

    private static byte[] Corrupt(byte[] file)
    {
        var bytes = file.ToArray();
        bytes[^20] ^= 0xff;
        return bytes;
    }

    private static async Task<string?> SetAsync(PaidShop shop, string? logo) =>
        (await shop.Owner.PatchAsync($"/v1/merchants/{shop.Id}", new { logo })).ShouldBeOk().Body.GetProperty("logo") is
            { ValueKind: JsonValueKind.String } path ? path.GetString() : null;

    // Of a new session: a page that was shown is kept until its session changes.
    private static async Task<string> PageAsync(PaidShop shop) => await (await OpenCheckout.NewAsync(shop)).TextAsync();

    private async Task<(HttpStatusCode Status, byte[] Bytes, string? Type, string? Kept)> GetAsync(string path)
    {
        using var http = new HttpClient { BaseAddress = host.Address };
        using var answer = await http.GetAsync(path, Cancelled);
        return (
            answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(Cancelled), answer.Content.Headers.ContentType?.MediaType,
            answer.Headers.CacheControl?.ToString());
    }
}
