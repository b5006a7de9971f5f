using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;

namespace StellarPay.Grains.Platform;

/// <summary>A fee account as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.FeeAccountState")]
internal sealed class FeeAccountState : IPlatformAccountState
{
    [Id(0)] public EncryptedSeed? Key { get; set; }

    /// <summary>What the write under way says of the account's address; storage takes it out.</summary>
    [field: NonSerialized] public InboxMarks? Inbox { get; set; }
}
