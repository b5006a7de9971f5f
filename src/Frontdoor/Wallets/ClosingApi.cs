using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Payments;
using StellarPay.Frontdoor.Recipients;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Wallets;

/// <summary>The end of a wallet's account, and its return.</summary>
internal static class ClosingApi
{
    public static void MapClosing(this RouteGroupBuilder wallet)
    {
        wallet.MapPost("/close", CloseAsync).WithMetadata(MovesMoney.UnderKey, ConfirmedOnly.Because, StepUpOnly.Because)
            .WithSummary("Close the wallet: all that it holds is paid to a recipient, and its account given up");
        wallet.MapPost("/open", ReopenAsync).WithMetadata(ConfirmedOnly.Because)
            .WithSummary("Open a closed wallet again, under the same address");
    }

    private static async Task<Results<Accepted<WalletJson>, Problem>> CloseAsync(
        CloseWalletRequest request,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        ClaimsPrincipal caller,
        RecipientFinder recipients,
        StepUp stepUp,
        IGrainFactory grains,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if ((Check(request) ?? IdempotencyKey.Require(idempotencyKey)) is { } bad)
        {
            return bad;
        }

        var user = caller.UserId();
        var recipient = await recipients.FindAsync(user, request.Recipient!, cancellationToken);
        if (!recipient.IsSuccess)
        {
            return Problem.Of(recipient.Error);
        }

        var (memo, facts, conflict) = RecipientMemo.For(request.Memo, request.MemoType, recipient.Value);
        if (conflict is not null)
        {
            return conflict;
        }

        // From here on the request is carried out even if the caller hangs up.
        var session = SessionFacts.Of(context);
        var order = new CloseRequest(recipient.Value.Address, recipient.Value.Name, memo, idempotencyKey, facts, stepUp.ProofOf(session));
        var closing = await Outcome.OfAsync(() => WalletOf(grains, user).CloseAsync(user, order));
        return closing.IsSuccess
            ? TypedResults.Accepted("/v1/wallet", WalletJson.Of(closing.Value))
            : StepUp.Explain(closing.Error, session);
    }

    private static async Task<Results<Ok<WalletJson>, Problem>> ReopenAsync(ClaimsPrincipal caller, WalletOpener opener)
    {
        var opened = await opener.ReopenAsync(caller.UserId());
        return opened.IsSuccess ? TypedResults.Ok(WalletJson.Of(opened.Value)) : Problem.Of(opened.Error);
    }

    private static Problem? Check(CloseWalletRequest request) => request switch
    {
        { Recipient: null or "" } => Problem.Missing("recipient"),
        _ => RecipientMemo.Check(request.Memo, request.MemoType),
    };

    private static IWalletClosing WalletOf(IGrainFactory grains, UserId user) =>
        grains.GetGrain<IWalletClosing>(WalletId.Of(user).Value);
}

/// <summary>Where what a wallet holds goes when it is closed.</summary>
/// <param name="Recipient">As in a payment: the account must take all that the wallet holds.</param>
/// <param name="Memo">As in a payment; of all that is paid.</param>
/// <param name="MemoType">text (the default), id or hash.</param>
internal sealed record CloseWalletRequest(string? Recipient, string? Memo, string? MemoType);
