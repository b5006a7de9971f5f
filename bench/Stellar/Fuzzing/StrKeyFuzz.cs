using System.Buffers.Binary;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Bench.Fuzzing;

/// <summary>Feeds damaged StrKeys to the decoder: characters changed, and, since a checksum would hide most of the rules
/// behind it, contents changed under a checksum that fits. For each input comes out either an error or a payload whose
/// StrKey is the input again. Everything else is a finding.</summary>
internal sealed class StrKeyFuzz(int seed)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string Strange = "abc0189=-+ :\t\0é💶";
    private const int MaxChanges = 3;

    private static readonly StrKeyKind[] Kinds = Enum.GetValues<StrKeyKind>();

    private readonly Random _random = new(seed);
    private readonly byte[] _payload = new byte[StrKey.MaxPayloadLength];

    public long Accepted { get; private set; }

    public long Refused { get; private set; }

    /// <summary>Tries so many inputs.</summary>
    /// <exception cref="InvalidOperationException">A finding; it names the input.</exception>
    public void Run(long count)
    {
        for (var i = 0L; i < count; i++)
        {
            var text = Input();
            try
            {
                Try(text);
            }
            catch (Exception e) when (e is not InvalidOperationException { Source: nameof(StrKeyFuzz) })
            {
                throw Finding(text, "lets an exception escape", e);
            }
        }
    }

    private void Try(string text)
    {
        if (StrKey.TryDecode(text, _payload, out var kind, out var length) == StrKeyError.None)
        {
            if (StrKey.Encode(kind, _payload.AsSpan(0, length)) != text)
                throw Finding(text, "is decoded, but not what its payload is encoded to", null);
            Accepted++;
        }
        else
        {
            Refused++;
        }

        if (AccountId.TryParse(text, out var account) && account.ToString() != text)
            throw Finding(text, "is another account's", null);
        if (MuxedAccount.TryParse(text, out var muxed) && muxed.ToString() != text)
            throw Finding(text, "is another muxed account's", null);
        if (SignerKeyText.TryParse(text, out var signer) && signer.ToStrKey() != text)
            throw Finding(text, "is another signer's", null);
        if (Asset.TryParse($"USD:{text}", out var asset) && asset.ToString() != $"USD:{text}")
            throw Finding(text, "is another asset's issuer", null);
    }

    private string Input()
    {
        var binary = Binary();
        var text = Text(binary).ToCharArray().ToList();
        if (_random.Next(4) != 0)
            return string.Concat(text);

        for (var changes = _random.Next(1, MaxChanges + 1); changes > 0 && text.Count > 0; changes--)
        {
            var at = _random.Next(text.Count);
            var source = _random.Next(2) == 0 ? Alphabet : Strange;
            switch (_random.Next(3))
            {
                case 0:
                    text[at] = source[_random.Next(source.Length)];
                    break;
                case 1:
                    text.RemoveAt(at);
                    break;
                default:
                    text.Insert(at, source[_random.Next(source.Length)]);
                    break;
            }
        }

        return string.Concat(text);
    }

    // Version, payload and a checksum that fits them; the payload is mostly what the version calls for.
    private byte[] Binary()
    {
        var kind = Kinds[_random.Next(Kinds.Length)];
        var inner = _random.Next(1, 65);
        var length = kind switch
        {
            StrKeyKind.MuxedAccount => 40,
            StrKeyKind.ClaimableBalance => 33,
            StrKeyKind.SignedPayload => 36 + ((inner + 3) & ~3),
            _ => 32,
        };
        if (_random.Next(4) == 0)
            length = Math.Max(0, length + _random.Next(-3, 4));

        var binary = new byte[1 + length + 2];
        _random.NextBytes(binary);
        binary[0] = _random.Next(8) == 0 ? (byte)_random.Next(256) : (byte)kind;
        if (kind == StrKeyKind.ClaimableBalance && _random.Next(4) != 0)
            binary[1] = 0;
        if (kind == StrKeyKind.SignedPayload && length >= 36 && _random.Next(4) != 0)
        {
            BinaryPrimitives.WriteInt32BigEndian(binary.AsSpan(33), inner);
            if (_random.Next(4) != 0 && 37 + inner < 1 + length)
                binary.AsSpan(37 + inner, length - 36 - inner).Clear();
        }

        var crc = 0;
        foreach (var b in binary.AsSpan(0, binary.Length - 2))
        {
            crc ^= b << 8;
            for (var bit = 0; bit < 8; bit++)
                crc = ((crc << 1) ^ ((crc & 0x8000) != 0 ? 0x1021 : 0)) & 0xffff;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(binary.AsSpan(binary.Length - 2), (ushort)crc);
        return binary;
    }

    // The unused bits of the last character are mostly zero, as they have to be.
    private string Text(ReadOnlySpan<byte> binary)
    {
        var text = new List<char>();
        var bits = 0;
        var held = 0;
        foreach (var b in binary)
        {
            held = (held << 8) | b;
            for (bits += 8; bits >= 5; bits -= 5)
                text.Add(Alphabet[(held >> (bits - 5)) & 31]);
            held &= (1 << bits) - 1;
        }

        if (bits > 0)
        {
            var unused = _random.Next(8) == 0 ? _random.Next(1 << (5 - bits)) : 0;
            text.Add(Alphabet[((held << (5 - bits)) | unused) & 31]);
        }

        return string.Concat(text);
    }

    private static InvalidOperationException Finding(string text, string what, Exception? inner) =>
        new($"The StrKey {text} {what}", inner) { Source = nameof(StrKeyFuzz) };
}
