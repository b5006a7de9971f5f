using System.Buffers.Binary;
using System.Numerics;

namespace StellarPay.SingleNode;

/// <summary>XxHash32 with seed 0, the hash by which Orleans names rows in its tables.</summary>
internal static class StableHash
{
    private const uint Prime1 = 2654435761;
    private const uint Prime2 = 2246822519;
    private const uint Prime3 = 3266489917;
    private const uint Prime4 = 668265263;
    private const uint Prime5 = 374761393;
    private const int StripeBytes = 16;

    public static uint Compute(ReadOnlySpan<byte> data)
    {
        unchecked
        {
            var rest = data;
            var hash = data.Length >= StripeBytes ? Stripes(ref rest) : Prime5;
            hash += (uint)data.Length;
            for (; rest.Length >= 4; rest = rest[4..])
            {
                hash += BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime3;
                hash = BitOperations.RotateLeft(hash, 17) * Prime4;
            }

            foreach (var octet in rest)
            {
                hash += octet * Prime5;
                hash = BitOperations.RotateLeft(hash, 11) * Prime1;
            }

            hash = (hash ^ (hash >> 15)) * Prime2;
            hash = (hash ^ (hash >> 13)) * Prime3;
            return hash ^ (hash >> 16);
        }
    }

    private static uint Stripes(ref ReadOnlySpan<byte> rest)
    {
        unchecked
        {
            uint a = Prime1 + Prime2, b = Prime2, c = 0, d = 0u - Prime1;
            for (; rest.Length >= StripeBytes; rest = rest[StripeBytes..])
            {
                a = Round(a, rest);
                b = Round(b, rest[4..]);
                c = Round(c, rest[8..]);
                d = Round(d, rest[12..]);
            }

            return BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7)
                + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
        }
    }

    private static uint Round(uint lane, ReadOnlySpan<byte> input)
    {
        unchecked
        {
            lane += BinaryPrimitives.ReadUInt32LittleEndian(input) * Prime2;
            return BitOperations.RotateLeft(lane, 13) * Prime1;
        }
    }
}
