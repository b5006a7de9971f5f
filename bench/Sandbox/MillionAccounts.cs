using System.Buffers.Binary;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Bench.Sandbox;

/// <summary>The memory of a ledger with a million accounts, each with a trustline, indexes included.</summary>
internal static class MillionAccounts
{
    private const int Count = 1_000_000;
    private const double Mebibyte = 1024 * 1024;

    public static double MeasureMebibytes()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var issuer = IdOf(Count);
        var state = Genesis.Create(issuer, new GenesisOptions());
        var usdc = Asset.Credit("USDC", issuer);
        for (var i = 0; i < Count; i++)
        {
            var id = IdOf(i);
            state.Put(new Account { Id = id, Balance = 100_000_000, Sequence = 1, SubEntries = 1 });
            state.Put(new TrustLine { Account = id, Asset = usdc, Limit = long.MaxValue, Flags = TrustLineFlags.Authorized });
            state.ForgetJournal();
        }

        var used = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(state);
        return used / Mebibyte;
    }

    private static AccountId IdOf(int number)
    {
        Span<byte> bytes = stackalloc byte[32];
        bytes.Clear();
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        // Spread as real keys are, so that hash tables are as good and as bad as with them.
        System.Security.Cryptography.SHA256.HashData(bytes[..4], bytes);
        return new AccountId(bytes);
    }
}
