using System.Text.Json;
using StellarPay.Adapters.Postgres.Lists;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>
/// Says what a transaction did for a session, or what it did for its merchant instead, by what we know of the ledger: nobody is asked. What
/// it did for other merchants nobody is told.
/// </summary>
internal sealed class SessionVerifier(IGrainFactory grains, IUnmatchedReceipts receipts, IPaidSessions paid)
{
    private const string Processing = "processing";
    private const string NotSeen = "not_seen";
    private const string NotKept = "not_kept";
    private const string OtherSession = "other_session";
    private const string Late = "late";
    private const string WrongAsset = "wrong_asset";

    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What a transaction did.</summary>
    /// <param name="merchant">Who asks, whose the session must be.</param>
    /// <param name="id">The session.</param>
    /// <param name="hash">The transaction's hash in lower-case hex.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Result<VerificationAnswer>> VerifyAsync(
        MerchantId merchant, PaymentSessionId id, string hash, CancellationToken cancellationToken)
    {
        var found = await grains.GetGrain<IPaymentSessionGrain>(id.Value).GetAsync(merchant);
        if (found is not { IsSuccess: true, Value: { } session })
        {
            return found.Error!;
        }

        var (counted, its) = Of(session, hash);
        if (counted || its.Length > 0)
        {
            var verdict = counted ? null : NameOf(its[0].Verdict);
            return Answer(session, hash, verdict, counted ? "It counts towards the price." : Sentence(its[0], session)) with
            {
                Counted = counted,
                Payments = [.. its.Select(payment => PaymentSessionJson.Of(payment, session.Refunds, session.RefundAddresses ?? [])
                    .Deserialize<SessionPaymentAnswer>(Snake)!)],
            };
        }

        return await ElsewhereAsync(merchant, session, hash, cancellationToken) ?? NotYet(session, hash);
    }

    // What names nobody is his too; and what names another session of his.
    private async Task<VerificationAnswer?> ElsewhereAsync(
        MerchantId merchant, PaymentSessionView session, string hash, CancellationToken cancellationToken)
    {
        var others = await paid.FindAsync(merchant, hash, cancellationToken);
        if (others.Contains(session.Id))
        {
            return Its(session, hash);
        }

        var came = await receipts.FindAsync(merchant, hash, cancellationToken);
        // Of several, what is still to be decided about.
        if ((came.FirstOrDefault(each => each.Status == UnmatchedReceiptStatus.Unmatched) ?? came.FirstOrDefault()) is { } receipt)
        {
            return receipt.Session == session.Id.Value
                ? Its(session, hash) with { UnmatchedReceipt = receipt.Id.Value }
                : PaymentSessionId.TryParse(receipt.Session, out var assigned)
                    ? await OfOtherAsync(merchant, session, assigned, hash, receipt)
                    : Answer(session, hash, UnmatchedReceiptJson.Word(receipt.Reason), $"{Why(receipt.Reason)} {Stands(receipt.Status)}") with
                    {
                        UnmatchedReceipt = receipt.Id.Value,
                    };
        }

        return others.Count > 0 ? await OfOtherAsync(merchant, session, others[0], hash, receipt: null) : null;
    }

    // A ledger that was read has it, and the session shows nothing of it: not yet, or no more.
    private static VerificationAnswer Its(PaymentSessionView session, string hash) => session.PaymentCount > session.Payments.Length
        ? Answer(session, hash, NotKept, "It came for this session, which keeps fifty of its payments: this may be one of those that it "
            + "does not show any more, or is about to be judged. All of them are in the events.")
        : Answer(session, hash, Processing, "It came for this session, which is about to judge it, or it is less than 0.0001: please look "
            + "again.");

    private async Task<VerificationAnswer> OfOtherAsync(
        MerchantId merchant, PaymentSessionView session, PaymentSessionId other, string hash, UnmatchedReceipt? receipt)
    {
        var asked = await grains.GetGrain<IPaymentSessionGrain>(other.Value).GetAsync(merchant);
        var hasCounted = asked is { IsSuccess: true, Value: { } view } && Of(view, hash).Counted;
        return Answer(session, hash, OtherSession, hasCounted
            ? $"It counts towards the price of another payment session of yours, {other}."
            : $"It came for another payment session of yours, {other}, where it does not count: ask there why.") with
        {
            OtherPaymentSession = other.Value,
            UnmatchedReceipt = receipt?.Id.Value,
        };
    }

    private static VerificationAnswer NotYet(PaymentSessionView session, string hash) =>
        session.Own is { } own && (own.Awaits || own.IsHeldUp)
            ? Answer(session, hash, Processing, "Something lies at the session's own address, or is on its way from there to the merchant. "
                + "Until it is with him nobody is told by which transaction it came: please look again.")
        : session.Facts.Contains(Processing)
            ? Answer(session, hash, Processing, "A wallet here has signed what completes the session, and no ledger that was read has it yet. "
                + "It may be this: please look again.")
        : Answer(session, hash, NotSeen, "No ledger that was read by now holds anything by it that came to its merchant's address, or to the "
            + "session's own. It may be about to come, or be less than 0.0001, or one of more than fifty payments.");

    private static (bool Counted, SessionPayment[] Its) Of(PaymentSessionView session, string hash)
    {
        SessionPayment[] its = [.. session.Payments.Where(payment => payment.CameBy(hash))];
        return (session.PaidBy == hash || its.Any(payment => payment.CountedStroops > 0), its);
    }

    private static VerificationAnswer Answer(PaymentSessionView session, string hash, string? reason, string message) =>
        new("payment_session.verification", session.Id.Value, hash, Counted: false, [], reason, message);

    private static string Sentence(SessionPayment payment, PaymentSessionView session) => NameOf(payment.Verdict) switch
    {
        Late when session.AcceptedPayment == new LedgerPlace(payment.Token, payment.Number) =>
            $"It came after the session's end, was accepted, and has paid {session.AcceptedAs}.",
        Late => "It came after the session's end. Its payer may have it back.",
        WrongAsset => "It is in an asset that this session does not take. Its payer may have it back.",
        _ => "It is beyond the price.",
    };

    private static string Why(UnmatchedReason reason) => reason switch
    {
        UnmatchedReason.NoMemo => "It came to your address without a memo, and so names nobody.",
        UnmatchedReason.MemoUnknown => "It came to your address with a memo that names no payment session.",
        UnmatchedReason.MuxedIdUnknown => "It came to your address by a muxed address that names no payment session.",
        UnmatchedReason.NamesDiffer => "Its memo and its muxed address name different ones, and so nobody.",
        _ => "It came to your address and names nobody.",
    };

    private static string Stands(UnmatchedReceiptStatus status) => status switch
    {
        UnmatchedReceiptStatus.Unmatched => "It is among your unmatched receipts, and can be assigned to an open session or given back.",
        UnmatchedReceiptStatus.Topup => "It was declared to be your own money.",
        UnmatchedReceiptStatus.Refunding => "It is being given back.",
        UnmatchedReceiptStatus.Refunded => "It was given back.",
        _ => "It is among your unmatched receipts.",
    };

    private static string NameOf(SessionPaymentVerdict verdict) => JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.ToString());
}
