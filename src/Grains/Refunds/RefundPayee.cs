using StellarPay.Grains.Payments;
using StellarPay.Grains.Requests;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Refunds;

/// <summary>Whom a refund pays.</summary>
/// <param name="To">His address, <c>G…</c> or <c>M…</c>.</param>
/// <param name="Memo">The memo by which he is known there where he shares it with others.</param>
/// <param name="IsUnnamed">
/// Whether he paid at an address of a session's own, and nobody decided where it goes back. Such an address is there for those who cannot
/// say who they are: most pay from an account of an exchange's, and what is sent back there without their memo is nobody's.
/// </param>
/// <param name="IsUnconfirmed">Whether a payer asks who has not said that the account is his own, and nobody decided where it goes.</param>
internal readonly record struct RefundPayee(string To, RefundMemo? Memo = null, bool IsUnnamed = false, bool IsUnconfirmed = false);

/// <summary>The memos of refunds, as ledgers have them.</summary>
internal static class RefundMemos
{
    private const string Text = "text";

    /// <summary>The ledger's memo; none for null.</summary>
    /// <exception cref="InvalidOperationException">It is none, though it was looked at before it was stored.</exception>
    public static Memo OnLedger(RefundMemo? memo) => memo is null
        ? Memo.None
        : Read(memo) ?? throw new InvalidOperationException($"A refund's memo of type {memo.Type} is none.");

    /// <summary>What is wrong with a memo, as a sentence; null where nothing is.</summary>
    public static string? Problem(RefundMemo memo) =>
        memo.Value.Length == 0 || !PlainText.Is(memo.Value) || Read(memo) is null ? PaymentMemo.RuleOf(KindOf(memo)) : null;

    private static Memo? Read(RefundMemo memo) => PaymentMemo.Read(KindOf(memo), memo.Value);

    private static string? KindOf(RefundMemo memo) => memo.Type == Text ? null : memo.Type;
}
