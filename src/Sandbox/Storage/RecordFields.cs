using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Storage;

/// <summary>What records have beside XDR's own types.</summary>
internal static class RecordFields
{
    /// <summary>How many items follow, each of four bytes at least.</summary>
    public static int ReadCount(ref XdrReader reader)
    {
        var count = reader.ReadInt32();
        return count >= 0 && count <= reader.Remaining / sizeof(int)
            ? count
            : throw new InvalidDataException($"{count} items cannot follow in {reader.Remaining} bytes.");
    }
}
