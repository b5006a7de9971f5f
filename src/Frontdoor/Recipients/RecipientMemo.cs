using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Recipients;

/// <summary>The memo of what is paid to a recipient: the payer's, or what the recipient's domain says.</summary>
internal static class RecipientMemo
{
    /// <summary>What is wrong with a memo as it was sent, or null.</summary>
    public static Problem? Check(string? memo, string? type) => (memo, type) switch
    {
        (_, not (null or "text" or "id" or "hash")) => Problem.Invalid("memo_type_invalid", "'memo_type' is text, id or hash.", "memo_type"),
        ({ } text, _) when text.Contains('\0', StringComparison.Ordinal) => Problem.Invalid(
            "memo_invalid", "'memo' is a text of at most 28 bytes.", "memo"),
        _ => null,
    };

    // What the recipient's domain says of the memo nobody can override: the payment would go astray.
    public static (string? Memo, RecipientFacts Facts, Problem? Problem) For(string? memo, string? memoType, Recipient recipient)
    {
        var asked = string.IsNullOrEmpty(memo) ? null : memo;
        var type = memoType is null or "text" ? null : memoType;
        if (!recipient.Facts.OwnMemo)
        {
            return (asked, recipient.Facts with { MemoType = asked is null ? null : type }, null);
        }

        var same = asked is null || (asked == recipient.Memo && type == recipient.Facts.MemoType);
        return (recipient.Memo, recipient.Facts, same ? null : Problem.Of(new Error(
            ErrorKind.Refused, "memo_not_allowed", "The recipient's domain or payment session says which memo to use; leave it out.", "memo")));
    }
}
