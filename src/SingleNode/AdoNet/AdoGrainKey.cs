using System.Text;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>
/// The key of a grain as Orleans' storage tables hold it. A string key that looks like a Guid or a hexadecimal number
/// is held as such.
/// </summary>
internal sealed class AdoGrainKey
{
    public AdoGrainKey(GrainId id)
    {
        byte[] number = [];
        if (id.TryGetGuidKey(out var guid, out var extension))
        {
            number = guid.ToByteArray();
            (N0, N1) = (BitConverter.ToInt64(number, 0), BitConverter.ToInt64(number, sizeof(long)));
            Extension = extension;
        }
        else if (id.TryGetIntegerKey(out var integer, out extension))
        {
            number = BitConverter.GetBytes(integer);
            N1 = integer;
            Extension = extension;
        }
        else
        {
            Extension = id.Key.ToString();
        }

        byte[] all = [.. number, .. Encoding.UTF8.GetBytes(Extension ?? "")];
        Array.Reverse(all);
        Hash = unchecked((int)StableHash.Compute(all));
    }

    public long N0 { get; }

    public long N1 { get; }

    public string? Extension { get; }

    public int Hash { get; }
}
