using StellarPay.Grains.Network;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Payments;

/// <summary>Whether an account on the ledger can receive a payment.</summary>
internal static class DestinationRules
{
    /// <summary>A user here has no account yet.</summary>
    public const string Opening = PaymentWait.RecipientOpening;

    /// <summary>There is no such account.</summary>
    public const string NotFound = "destination_not_found";

    /// <summary>The account does not trust the asset.</summary>
    public const string NoTrustline = "destination_no_trustline";

    /// <summary>The reason why not, or null.</summary>
    public static Error? Check(NetworkAccount? account, QuoteTerms terms)
    {
        if (account is null && terms.Facts?.IsUser == true)
        {
            return new Error(ErrorKind.Unavailable, Opening,
                "The recipient's wallet is just being opened. Please try again in a moment.", "recipient");
        }

        if (account is null)
        {
            return Refused(NotFound, "There is no account of that address on the network.");
        }

        var room = terms.Asset.IsNative ? RoomForNative(account, terms) : RoomForIssued(account, terms);
        if (room is not null)
        {
            return room;
        }

        // An M address counts as a memo (SEP-29).
        return account.MemoRequired && terms.Memo is null && !terms.IsMuxed ? MemoRequired : null;
    }

    public static Error MemoRequired { get; } = new(ErrorKind.Refused, "memo_required",
        "The recipient accepts payments only with a memo; ask the recipient for it.", "memo");

    private static Error? RoomForNative(NetworkAccount account, QuoteTerms terms) =>
        Fits(account.NativeStroops, account.NativeBuyingLiabilities, long.MaxValue, terms.Stroops) ? null : Full();

    private static Error? RoomForIssued(NetworkAccount account, QuoteTerms terms)
    {
        // An issuer takes its own asset back, and destroys it: nobody who wants to pay someone means that.
        if (terms.Account == terms.Asset.Issuer)
        {
            return Refused("destination_is_issuer",
                $"This is the account that issues {terms.Asset.Code}; what is sent there is destroyed.");
        }

        var trustline = account.Trustlines.FirstOrDefault(t => t.Asset == terms.Asset.Canonical);
        if (trustline is null)
        {
            return Refused(NoTrustline, $"The recipient's account does not accept {terms.Asset.Code}.");
        }

        if (!trustline.Authorized)
        {
            return Refused("destination_not_authorized",
                $"The issuer of {terms.Asset.Code} does not let the recipient's account receive it.");
        }

        return Fits(trustline.Balance, trustline.BuyingLiabilities, trustline.Limit, terms.Stroops) ? null : Full();
    }

    private static bool Fits(long balance, long liabilities, long limit, long stroops) =>
        (Int128)balance + liabilities + stroops <= limit;

    private static Error Full() => Refused("destination_full", "The recipient's account has no room for so much.");

    private static Error Refused(string code, string message) =>
        new(ErrorKind.Refused, code, message, "recipient");
}
