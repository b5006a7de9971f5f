namespace StellarPay.Stellar;

/// <summary>CRC-16/XMODEM: polynomial 0x1021, initial value 0, no reflection.</summary>
/// <remarks>Source: SEP-23.</remarks>
internal static class Crc16
{
    private static readonly ushort[] Table = BuildTable();

    internal static ushort Compute(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0;
        foreach (var value in bytes)
        {
            crc = (ushort)((crc << 8) ^ Table[(crc >> 8) ^ value]);
        }
        return crc;
    }

    private static ushort[] BuildTable()
    {
        var table = new ushort[256];
        for (var index = 0; index < table.Length; index++)
        {
            var crc = index << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
            }
            table[index] = (ushort)crc;
        }
        return table;
    }
}
