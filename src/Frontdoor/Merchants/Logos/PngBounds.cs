using System.Buffers.Binary;
using System.IO.Compression;

namespace StellarPay.Frontdoor.Merchants.Logos;

/// <summary>What is wrong with a file that should be a PNG.</summary>
internal enum PngFault
{
    None,

    /// <summary>It is none, or unpacks to something else than its size says.</summary>
    Form,

    /// <summary>It is too small or too large.</summary>
    Size,
}

/// <summary>
/// Looks at a PNG (ISO/IEC 15948) before it is decoded: a decoder believes the size that a file says, and unpacks whatever it unpacks to.
/// </summary>
internal static class PngBounds
{
    /// <summary>The fewest pixels each way.</summary>
    public const int Least = 16;

    /// <summary>The most pixels each way.</summary>
    public const int Most = 512;

    private const int HeaderLength = 13;
    private const int ChunkFrame = 12;
    private const int MostBytesAPixel = 8;

    // Seven passes, each of which rounds its lines up (Adam7).
    private const int Passes = 7;

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Whether it may be decoded.</summary>
    public static PngFault Check(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Signature))
        {
            return PngFault.Form;
        }

        var rest = file[Signature.Length..];
        using var packed = new MemoryStream();
        var unpacked = 0L;
        for (var isFirst = true; ; isFirst = false)
        {
            if (rest.Length < ChunkFrame)
            {
                return PngFault.Form;
            }

            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            var type = rest[4..8];
            if (length > rest.Length - ChunkFrame || isFirst != type.SequenceEqual("IHDR"u8))
            {
                return PngFault.Form;
            }

            var data = rest.Slice(8, (int)length);
            if (isFirst)
            {
                if (length != HeaderLength)
                {
                    return PngFault.Form;
                }

                var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
                if (width is < Least or > Most || height is < Least or > Most)
                {
                    return PngFault.Size;
                }

                unpacked = ((long)(width * MostBytesAPixel) + 1) * (height + Passes) * 2;
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                break;
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                packed.Write(data);
            }

            rest = rest[((int)length + ChunkFrame)..];
        }

        packed.Position = 0;
        return UnpacksWithin(packed, unpacked) ? PngFault.None : PngFault.Form;
    }

    private static bool UnpacksWithin(Stream packed, long most)
    {
        using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = unpacked.Read(buffer)) > 0;)
            {
                if ((most -= read) < 0)
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return false;
        }
    }
}
