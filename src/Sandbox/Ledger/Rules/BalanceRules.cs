namespace StellarPay.Sandbox.Ledger;

/// <summary>Reserves, liabilities and what may be added to a balance. Amounts are stroops.</summary>
internal static class BalanceRules
{
    public static long MinimumBalance(HeaderState header, Account account)
    {
        var entries = 2L + account.SubEntries + account.Sponsoring - account.Sponsored;
        return entries < 0
            ? throw new LedgerFault("an account with fewer than no entries")
            : entries * header.BaseReserve;
    }

    public static long Available(HeaderState header, Account account) =>
        account.Balance - MinimumBalance(header, account) - account.SellingLiabilities;

    public static long MaximumReceive(Account account) =>
        long.MaxValue - account.Balance - account.BuyingLiabilities;

    public static long MaximumReceive(TrustLine line) =>
        line.Limit - line.Balance - line.BuyingLiabilities;

    /// <summary>The balance after a change, or null where reserve or liabilities forbid it.</summary>
    public static Account? WithBalanceChange(HeaderState header, Account account, long delta)
    {
        if (delta == 0)
        {
            return account;
        }

        if (Sum(account.Balance, delta, long.MaxValue) is not { } balance)
        {
            return null;
        }

        if (delta < 0 && balance - MinimumBalance(header, account) < account.SellingLiabilities)
        {
            return null;
        }

        return balance > long.MaxValue - account.BuyingLiabilities ? null : account with { Balance = balance };
    }

    /// <summary>The trustline after a change, or null where limit or liabilities forbid it.</summary>
    public static TrustLine? WithBalanceChange(TrustLine line, long delta)
    {
        if (Sum(line.Balance, delta, line.Limit) is not { } balance
            || balance < line.SellingLiabilities
            || balance > line.Limit - line.BuyingLiabilities)
        {
            return null;
        }

        return line with { Balance = balance };
    }

    public static Account? WithBuyingLiabilities(Account account, long delta) =>
        delta == 0 ? account
        : Sum(account.BuyingLiabilities, delta, long.MaxValue - account.Balance) is { } liabilities
            ? account with { BuyingLiabilities = liabilities, Extension = account.AtLeast(1) }
            : null;

    public static Account? WithSellingLiabilities(HeaderState header, Account account, long delta)
    {
        if (delta == 0)
        {
            return account;
        }

        var most = account.Balance - MinimumBalance(header, account);
        return most >= 0 && Sum(account.SellingLiabilities, delta, most) is { } liabilities
            ? account with { SellingLiabilities = liabilities, Extension = account.AtLeast(1) }
            : null;
    }

    public static TrustLine? WithBuyingLiabilities(TrustLine line, long delta) =>
        delta == 0 ? line
        : Sum(line.BuyingLiabilities, delta, line.Limit - line.Balance) is { } liabilities
            ? line with { BuyingLiabilities = liabilities, Extension = 1 }
            : null;

    public static TrustLine? WithSellingLiabilities(TrustLine line, long delta) =>
        delta == 0 ? line
        : Sum(line.SellingLiabilities, delta, line.Balance) is { } liabilities
            ? line with { SellingLiabilities = liabilities, Extension = 1 }
            : null;

    private static long? Sum(long amount, long delta, long maximum)
    {
        if (amount < 0 || maximum < 0)
        {
            throw new LedgerFault("a negative amount");
        }

        if (delta == 0)
        {
            return amount;
        }

        return delta < -amount || maximum - amount < delta ? null : amount + delta;
    }
}
