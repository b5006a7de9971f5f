using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.EntityTags;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Keys;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Wallets;

/// <summary>A user's own wallet.</summary>
internal static class WalletApi
{
    public static void MapWallet(this IEndpointRouteBuilder routes)
    {
        var wallet = routes.MapGroup("/v1/wallet").WithTags("Wallet")
            .RequireAuthorization().RequireRateLimiting(RateLimitNames.Api);
        wallet.MapGet("", GetAsync).WithSummary("The wallet with its balances").WithMetadata(Polled.Often);
        wallet.MapGet("/qr", GetQrAsync).WithSummary("A SEP-7 payment request to this wallet as a QR code")
            .Produces<Stream>(StatusCodes.Status200OK, "image/svg+xml", "image/png");
        wallet.MapGet("/limits", GetLimitsAsync).WithSummary("What the wallet may move, and how much of it is used")
            .WithMetadata(Polled.Often);
        wallet.MapGet("/transactions", TransactionsApi.ListAsync).WithSummary("What went out and came in, newest first")
            .WithMetadata(Polled.Often);
        wallet.MapWalletKey();
        wallet.MapClosing();
        wallet.MapPost("/friendbot", FundAsync).WithSummary("Test XLM from the network's friendbot; test networks only")
            .WithMetadata(ConfirmedOnly.Because);
    }

    private static async Task<Results<Ok<WalletJson>, Problem>> GetAsync(ClaimsPrincipal caller, WalletOpener wallets)
    {
        var wallet = await wallets.GetOrEnsureAsync(caller.UserId());
        return wallet.IsSuccess ? TypedResults.Ok(WalletJson.Of(wallet.Value)) : Problem.Of(wallet.Error);
    }

    private static async Task<Results<Ok<LimitsJson>, Problem>> GetLimitsAsync(ClaimsPrincipal caller, IGrainFactory grains)
    {
        var user = caller.UserId();
        var limits = await grains.GetGrain<IWalletGrain>(WalletId.Of(user).Value).GetLimitsAsync(user);
        return limits.IsSuccess ? TypedResults.Ok(LimitsJson.Of(limits.Value)) : Problem.Of(limits.Error);
    }

    /// <param name="format">svg (the default) or png.</param>
    /// <param name="amount">An amount to ask for, as a decimal string.</param>
    /// <param name="asset">XLM (the default) or another asset that the wallet holds, by its code or as CODE:ISSUER.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="wallets">Finds the wallet.</param>
    /// <param name="requests">Writes the payment request.</param>
    private static async Task<IResult> GetQrAsync(
        string? format, string? amount, string? asset, ClaimsPrincipal caller, WalletOpener wallets, PaymentRequestUri requests)
    {
        var wanted = format ?? "svg";
        if (wanted is not ("svg" or "png"))
        {
            return Problem.Invalid("format_invalid", "'format' is svg or png.", "format");
        }

        var wallet = await wallets.GetOrEnsureAsync(caller.UserId());
        if (!wallet.IsSuccess)
        {
            return Problem.Of(wallet.Error);
        }

        var (uri, problem) = requests.To(wallet.Value, amount, asset);
        if (uri is null)
        {
            return problem!;
        }

        return wanted == "svg"
            ? TypedResults.Text(QrImage.Svg(uri), "image/svg+xml")
            : TypedResults.Bytes(QrImage.Png(uri), "image/png");
    }

    private static async Task<Results<Ok<WalletJson>, Problem>> FundAsync(ClaimsPrincipal caller, IGrainFactory grains)
    {
        var user = caller.UserId();
        var funded = await grains.GetGrain<IWalletGrain>(WalletId.Of(user).Value).FundFromFriendbotAsync(user);
        return funded.IsSuccess ? TypedResults.Ok(WalletJson.Of(funded.Value)) : Problem.Of(funded.Error);
    }
}
