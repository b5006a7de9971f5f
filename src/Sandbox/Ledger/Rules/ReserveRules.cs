namespace StellarPay.Sandbox.Ledger;

/// <summary>Why a reserve cannot be held, or that it can.</summary>
internal enum ReserveResult
{
    Success,
    LowReserve,
    TooManySubEntries,
    TooManySponsoring,
}

/// <summary>Counts of subentries and of sponsored and sponsoring reserves, and their limits (CAP-33).</summary>
internal static class ReserveRules
{
    public const uint SubEntryLimit = 1000;

    /// <summary>How many base reserves an entry takes.</summary>
    public static uint Multiplier(LedgerObject entry) => entry switch
    {
        Account => 2,
        ClaimableBalance balance => (uint)balance.Claimants.Count,
        _ => 1,
    };

    public static bool HasTooManySubEntries(Account account, uint more) =>
        account.SubEntries > SubEntryLimit - more || ExceedsSum(account, more);

    public static ReserveResult CanSponsor(HeaderState header, Account sponsor, uint reserves)
    {
        if (BalanceRules.Available(header, sponsor) < (long)reserves * header.BaseReserve)
        {
            return ReserveResult.LowReserve;
        }

        return sponsor.Sponsoring > uint.MaxValue - reserves || ExceedsSum(sponsor, reserves)
            ? ReserveResult.TooManySponsoring
            : ReserveResult.Success;
    }

    /// <summary>Whether the owner can take back a reserve that a sponsor held.</summary>
    public static ReserveResult CanTakeBack(
        HeaderState header, Account sponsor, Account owner, uint reserves)
    {
        RequireSponsoring(sponsor, reserves);
        if (owner.Sponsored < reserves)
        {
            throw new LedgerFault("an account with too few sponsored reserves");
        }

        return BalanceRules.Available(header, owner) < (long)reserves * header.BaseReserve
            ? ReserveResult.LowReserve
            : ReserveResult.Success;
    }

    public static ReserveResult CanPay(HeaderState header, Account owner, uint reserves) =>
        HasTooManySubEntries(owner, reserves) ? ReserveResult.TooManySubEntries
        : BalanceRules.Available(header, owner) < (long)reserves * header.BaseReserve ? ReserveResult.LowReserve
        : ReserveResult.Success;

    public static Account AddSponsoring(Account account, uint reserves) =>
        account with { Sponsoring = account.Sponsoring + reserves, Extension = account.AtLeast(2) };

    public static Account RemoveSponsoring(Account account, uint reserves)
    {
        RequireSponsoring(account, reserves);
        return account with { Sponsoring = account.Sponsoring - reserves };
    }

    public static Account AddSponsored(Account account, uint reserves) =>
        account with { Sponsored = account.Sponsored + reserves, Extension = account.AtLeast(2) };

    public static Account RemoveSponsored(Account account, uint reserves) =>
        account.Sponsored < reserves
            ? throw new LedgerFault("an account with too few sponsored reserves")
            : account with { Sponsored = account.Sponsored - reserves };

    public static Account RemoveSubEntries(Account account, uint entries) =>
        account.SubEntries < entries
            ? throw new LedgerFault("an account with too few subentries")
            : account with { SubEntries = account.SubEntries - entries };

    private static void RequireSponsoring(Account sponsor, uint reserves)
    {
        if (sponsor.Sponsoring < reserves)
        {
            throw new LedgerFault("a sponsor with too few sponsoring reserves");
        }
    }

    private static bool ExceedsSum(Account account, uint more) =>
        (ulong)account.Sponsoring + account.SubEntries + more > uint.MaxValue;
}
