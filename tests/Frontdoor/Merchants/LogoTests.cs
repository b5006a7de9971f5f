using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using BigGustave;
using StellarPay.Frontdoor.Merchants.Logos;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;

namespace StellarPay.Frontdoor.Tests.Merchants;

/// <summary>Logos: shown on pages, as nothing but pixels. The bug kept away: a file of a stranger's on the origin where payers log in.</summary>
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

        var path = await SetAsync(shop, Convert.ToBase64String([.. FileOf(10, 20, 30), .. Encoding.ASCII.GetBytes(evil)]));

        var (status, bytes, type, kept) = await GetAsync(path!);
        (status, type, kept).ShouldBe((HttpStatusCode.OK, "image/png", "public, max-age=31536000, immutable"));
        Encoding.Latin1.GetString(bytes).ShouldNotContain(evil);
        var shown = Png.Open(bytes);
        (shown.Width, shown.Height, shown.GetPixel(7, 9)).ShouldBe((24, 16, new Pixel(10, 20, 30)));
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
            Convert.ToBase64String(Sized(100_000, 100_000, [])),
            Convert.ToBase64String(Sized(15, 16, [])),
            Convert.ToBase64String(Sized(16, 16, new byte[16 * 1024 * 1024])),
            Convert.ToBase64String(Sized(16, 16, [9])),
            Convert.ToBase64String(Sized(16, 16, [.. Enumerable.Repeat((byte)0xff, 16 * 17)], colors: 3)),
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

    // The decoder is somebody else's: whatever comes out of it is a refusal or a picture.
    [Fact]
    public void No_bytes_bring_anything_but_a_picture_or_a_refusal()
    {
        var (good, random) = (FileOf(9, 8, 7), new Random(20261129));
        for (var run = 0; run < 3_000; run++)
        {
            var bytes = good.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                bytes[random.Next(8, bytes.Length)] = (byte)random.Next(256);
            }

            var (png, problem) = LogoImage.Read(Convert.ToBase64String(Signed(bytes)));
            (png is null).ShouldBe(problem is not null);
            (png is null || Png.Open(png).Width is >= 16 and <= 512).ShouldBeTrue();
        }
    }

    private static byte[] FileOf(byte red, byte green, byte blue)
    {
        var builder = PngBuilder.Create(24, 16, hasAlphaChannel: false);
        for (var at = 0; at < 24 * 16; at++)
        {
            builder.SetPixel(red, green, blue, at % 24, at / 24);
        }

        return builder.Save();
    }

    // A whole file with a size, and whatever is unpacked.
    private static byte[] Sized(uint width, uint height, byte[] unpacked, byte colors = 2)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, colors);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(unpacked);
        }

        return
        [
            0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, .. Chunk("IHDR", header), .. colors == 3 ? Chunk("PLTE", [1, 2, 3]) : [],
            .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", []),
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

    // With sums that hold again, as far as its chunks can be walked: else nothing but those would be tried.
    private static byte[] Signed(byte[] file)
    {
        for (var at = 8; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12)
            {
                break;
            }

            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + 8 + (int)length), Crc(file.AsSpan(at + 4, (int)length + 4)));
            at += (int)length + 12;
        }

        return file;
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
