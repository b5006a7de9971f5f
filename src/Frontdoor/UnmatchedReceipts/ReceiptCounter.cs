using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.UnmatchedReceipts;

/// <summary>Where unmatched receipts are shown and decided about, by whoever may: each time of one merchant.</summary>
internal sealed class ReceiptCounter(IUnmatchedReceipts receipts, IGrainFactory grains, MerchantMode mode)
{
    private static readonly Dictionary<string, UnmatchedReceiptStatus> Statuses =
        Enum.GetValues<UnmatchedReceiptStatus>().ToDictionary(UnmatchedReceiptJson.Word, StringComparer.Ordinal);

    /// <summary>That there is none, or none of that merchant's.</summary>
    public static Problem NotFound { get; } =
        Problem.Of(new Error(ErrorKind.NotFound, "unmatched_receipt_not_found", "There is no such unmatched receipt."));

    /// <summary>What is wrong with a status by which a list is asked for, or null.</summary>
    public static Problem? CheckStatus(string? status) => status is null || Statuses.ContainsKey(status)
        ? null
        : Problem.Invalid("parameter_invalid", $"'status' is one of {string.Join(", ", Statuses.Keys)}.", "status");

    /// <summary>A page of a merchant's.</summary>
    public async Task<Results<Ok<ListPage<UnmatchedReceiptAnswer>>, Problem>> ListAsync(
        MerchantId merchant, ListPlace place, string? status, string url, CancellationToken cancellationToken)
    {
        if (place.Read(out var limit) is { } bad)
        {
            return bad;
        }

        UnmatchedReceiptId? named = null;
        if (place.Named is { } id)
        {
            if (!UnmatchedReceiptId.TryParse(id, out var known))
            {
                return place.Unknown();
            }

            named = known;
        }

        if (CheckStatus(status) is { } unknown)
        {
            return unknown;
        }

        UnmatchedReceiptStatus? only = status is null ? null : Statuses[status];
        var read = await receipts.ListAsync(
            new ReceiptQuery(merchant, only, place.IsBackwards ? null : named, place.IsBackwards ? named : null, limit + 1),
            cancellationToken);
        return TypedResults.Ok(ListPage<UnmatchedReceiptAnswer>.Of(read.Select(Show), limit, place.IsBackwards, url));
    }

    /// <summary>One of a merchant's; null where it is none of his.</summary>
    public async Task<UnmatchedReceipt?> FindAsync(MerchantId merchant, string id, CancellationToken cancellationToken) =>
        UnmatchedReceiptId.TryParse(id, out var known) ? await receipts.FindAsync(merchant, known, cancellationToken) : null;

    /// <summary>Gives one to a session that is open.</summary>
    /// <param name="merchant">Whose both are.</param>
    /// <param name="id">The receipt.</param>
    /// <param name="paymentSession">The session.</param>
    /// <param name="record">What is done before, once it is clear what is asked for.</param>
    /// <param name="cancellationToken">Cancels what is asked before it is decided.</param>
    public async Task<Results<Ok<UnmatchedReceiptAnswer>, Problem>> AssignAsync(
        MerchantId merchant, string id, string? paymentSession, Func<Task> record, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(paymentSession))
        {
            return Problem.Missing("payment_session");
        }

        if (!PaymentSessionId.TryParse(paymentSession, out var session))
        {
            return Problem.Invalid("payment_session_invalid", "'payment_session' is the id of a payment session.", "payment_session");
        }

        if (await FindAsync(merchant, id, cancellationToken) is not { } receipt)
        {
            return NotFound;
        }

        await record();
        // What is so is answered again, however the session ended since.
        if (receipt.Status != UnmatchedReceiptStatus.Assigned || receipt.Session != session.Value)
        {
            var found = await grains.GetGrain<IPaymentSessionGrain>(session.Value).GetAsync(merchant);
            if (!found.IsSuccess)
            {
                return Problem.Of(found.Error with { Param = "payment_session" });
            }

            if (found.Value.Status != PaymentSessionStatus.Created)
            {
                return Problem.Of(new Error(
                    ErrorKind.Conflict, "payment_session_not_open",
                    $"The payment session is {UnmatchedReceiptJson.Word(found.Value.Status)}. What came can be assigned to one that is open.",
                    "payment_session"));
            }
        }

        return await DecideAsync(merchant, id, (grain, which) => grain.AssignReceiptAsync(merchant, which, session));
    }

    /// <summary>Decides about one.</summary>
    public async Task<Results<Ok<UnmatchedReceiptAnswer>, Problem>> DecideAsync(
        MerchantId merchant, string id, Func<IMerchantGrain, UnmatchedReceiptId, Task<Result<UnmatchedReceipt>>> decide)
    {
        if (!UnmatchedReceiptId.TryParse(id, out var known))
        {
            return NotFound;
        }

        var decided = await Outcome.OfAsync(() => decide(grains.GetGrain<IMerchantGrain>(merchant.Value), known));
        return decided.IsSuccess ? TypedResults.Ok(Show(decided.Value)) : Problem.Of(decided.Error);
    }

    /// <summary>As it is shown.</summary>
    public UnmatchedReceiptAnswer Show(UnmatchedReceipt receipt) =>
        UnmatchedReceiptAnswer.Of(UnmatchedReceiptJson.Of(receipt, mode.IsLive));
}
