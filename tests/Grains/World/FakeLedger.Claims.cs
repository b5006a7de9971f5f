using System.Security.Cryptography;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Xdr;
using Amount = StellarPay.Grains.Money.Amount;

namespace StellarPay.Grains.Tests.World;

internal sealed partial class FakeLedger
{
    private const string Success = "op_success";

    /// <summary>The claimable balances that nobody has claimed, by id.</summary>
    public Dictionary<string, FakeClaimable> Claimables { get; } = [];

    /// <summary>For how many balances whoever is to carry the reserve has too little XLM left in that ledger.</summary>
    public int SponsorsWithoutReserve { get; set; }

    /// <summary>Sets an amount aside by nobody's transaction, and gives the balance's id.</summary>
    public string SetAside(string creator, string asset, long stroops, params Claimant[] claimants)
    {
        Close();
        var id = new ClaimableBalanceId(new Hash(RandomNumberGenerator.GetBytes(Hash.Size))).ToString();
        var hash = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Hash.Size));
        Create(new FakeClaimable(id, creator, asset, stroops, [.. claimants]), Sequence << 32, hash, null);
        return id;
    }

    /// <summary>Somebody else claims a balance.</summary>
    public void ClaimByOther(string id, string claimant)
    {
        Close();
        Claim(Claimables[id], claimant, Sequence << 32, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Hash.Size)), null);
    }

    private string Creatable(string source, CreateClaimableBalanceOperation create, Dictionary<string, long> spent)
    {
        if (SponsorsWithoutReserve > 0)
        {
            SponsorsWithoutReserve--;
            return "op_low_reserve";
        }

        var asset = create.Asset.ToString();
        if (Accounts[source].BalanceOf(asset) - spent.GetValueOrDefault(asset) < create.Amount)
        {
            return "op_underfunded";
        }

        spent[asset] = spent.GetValueOrDefault(asset) + create.Amount;
        return Success;
    }

    private string Claimed(string source, ClaimClaimableBalanceOperation claim)
    {
        if (!Claimables.TryGetValue(claim.BalanceId.ToString(), out var balance))
        {
            return "op_does_not_exist";
        }

        var predicate = balance.Claimants.FirstOrDefault(c => c.Destination.ToString() == source)?.Predicate;
        if (predicate?.IsMetAt(ClosedAt.ToUnixTimeSeconds()) is not true)
        {
            return "op_cannot_claim";
        }

        if (balance.Asset == "native")
        {
            return Success;
        }

        return !Accounts[source].Trustlines.TryGetValue(balance.Asset, out var line) ? "op_no_trust"
            : (Int128)line.Balance + balance.Stroops > line.Limit ? "op_line_full"
            : Success;
    }

    // Carries out what was checked, and tells of it. False for any other operation.
    private bool RecordClaim(Operation operation, Transaction transaction, long token, string hash, string? innerHash, bool successful)
    {
        var source = Address(operation.Source ?? transaction.Source);
        switch (operation.Body)
        {
            case CreateClaimableBalanceOperation create when successful:
                var index = (uint)(token & 0xFFF) - 1;
                var id = ClaimableBalanceId.CreatedBy(transaction.Source.AccountId, transaction.Sequence, index).ToString();
                Accounts[source].Add(create.Asset.ToString(), -create.Amount);
                Create(new FakeClaimable(id, source, create.Asset.ToString(), create.Amount, create.Claimants), token, hash, innerHash);
                return true;
            case ClaimClaimableBalanceOperation claim when successful:
                Claim(Claimables[claim.BalanceId.ToString()], source, token, hash, innerHash);
                return true;
            case CreateClaimableBalanceOperation or ClaimClaimableBalanceOperation:
                Operations.Add(new LedgerOperation(
                    token, hash, innerHash, false, "claim_claimable_balance", null, source, null, null, Sequence, ClosedAt));
                return true;
            default:
                return false;
        }
    }

    private void Create(FakeClaimable balance, long token, string hash, string? innerHash)
    {
        Claimables.Add(balance.Id, balance);
        Operations.Add(new LedgerOperation(
            token, hash, innerHash, true, "create_claimable_balance", balance.Creator, null, balance.Amount, null, Sequence, ClosedAt,
            BalanceId: balance.Id, Claimants: [.. balance.Claimants.Select(c => c.Destination.ToString())],
            ClaimableFrom:
            [
                .. balance.Claimants.Select(c =>
                    FakeClaimable.FirstMet(c.Predicate.MadeAbsolute(ClosedAt.ToUnixTimeSeconds()), ClosedAt)),
            ]));
    }

    private void Claim(FakeClaimable balance, string claimant, long token, string hash, string? innerHash)
    {
        Claimables.Remove(balance.Id);
        Accounts[claimant].Add(balance.Asset, balance.Stroops);
        Operations.Add(new LedgerOperation(
            token, hash, innerHash, true, "claim_claimable_balance", null, claimant, balance.Amount, null, Sequence, ClosedAt,
            BalanceId: balance.Id, Creator: balance.Creator));
    }
}

/// <summary>A claimable balance that nobody has claimed.</summary>
internal sealed record FakeClaimable(string Id, string Creator, string Asset, long Stroops, ValueList<Claimant> Claimants)
{
    public Amount Amount => new(Money.Asset.Parse(Asset), Stroops);

    public NetworkClaimable For(string claimant, DateTimeOffset now)
    {
        var own = Claimants.FirstOrDefault(c => c.Destination.ToString() == claimant);
        return new NetworkClaimable(Id, Asset, Stroops, own is null ? null : FirstMet(own.Predicate, now));
    }

    public static DateTimeOffset? FirstMet(ClaimPredicate predicate, DateTimeOffset now) =>
        predicate.FirstMetFrom(now.ToUnixTimeSeconds()) is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
