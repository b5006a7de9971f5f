using System.Security.Claims;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Checkout.Page;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Keys;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>
/// Counts a request by the limit that its endpoint names (<see cref="RateLimitNames"/>). The framework's own middleware knows limiters
/// of one process, and counts twice what it asks twice.
/// </summary>
internal sealed class RateLimitMiddleware(
    RequestDelegate next, RateLimitTable table, UserRateLimit users, MerchantRateLimit merchants, EndedSessions ended,
    CheckoutRateLimit checkout, IOptions<RateLimitOptions> options, TimeProvider time)
{
    // As much as ten addresses of it.
    private const int AddressesOfRange = 10;

    // As much as eight ranges of it.
    private const int AddressesOfBlock = 80;

    // Enough to look for another session and to end it.
    private const int SessionCallsAMinute = 10;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly RateLimit _auth = RateLimit.AMinute("auth", options.Value.AuthPerAddress);
    private readonly RateLimit _range = RateLimit.AMinute("auth", options.Value.AuthPerAddress).For("auth_range", AddressesOfRange);
    private readonly RateLimit _block = RateLimit.AMinute("auth", options.Value.AuthPerAddress).For("auth_block", AddressesOfBlock);
    private readonly RateLimit _sessions = RateLimit.AMinute("sessions", SessionCallsAMinute);
    private readonly RateLimit _lookup = RateLimit.AMinute("lookup", options.Value.LookupPerUser);

    // Who shows no token learns nothing but that. He is counted here, in a table that he cannot make grow.
    private readonly PlaceTable _nobody = new(Window / options.Value.ApiPerUser, Window, time);

    public async Task InvokeAsync(HttpContext context)
    {
        if (await TakeAsync(context) is { } wait)
        {
            if (!await PayersPage.TryRefuseAsync(context, wait))
            {
                await (StatusProblems.Of(StatusCodes.Status429TooManyRequests) with { RetryAfter = wait }).ExecuteAsync(context);
            }

            return;
        }

        await next(context);
    }

    private ValueTask<TimeSpan?> TakeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName switch
        {
            null => default,
            RateLimitNames.Auth => OfNetworkAsync(ClientAddress.Of(context)),
            RateLimitNames.Api => OfUserAsync(limit: null, context),
            RateLimitNames.Lookup => OfUserAsync(_lookup, context),
            RateLimitNames.Checkout => checkout.Take(context),
            RateLimitNames.PaymentLink => checkout.TakeSession(context),
            RateLimitNames.Merchant => OfMerchantAsync(context),
            RateLimitNames.Sessions => OfSessionAsync(context),
            var name => throw new InvalidOperationException($"There is no rate limit '{name}'."),
        };

    // A publishable key is everybody's: what strangers ask by it is theirs, and uses up nothing of the merchant's.
    private ValueTask<TimeSpan?> OfMerchantAsync(HttpContext context) =>
        context.Features.Get<MerchantCaller>() is { KeyId: { } key, KeyKind: not ApiKeyKind.Publishable } caller
            ? merchants.TakeAsync(caller, key)
            : OfUserAsync(limit: null, context);

    // The range first: who has many networks makes no key for each.
    private ValueTask<TimeSpan?> OfNetworkAsync(ClientAddress address) =>
        address.Block is { } block
            ? table.TakeAsync(new(_block, block), new(_range, address.WideRange), new(_auth, address.ToString()))
            : table.TakeAsync(new(_range, address.WideRange), new LimitedKey(_auth, address.ToString()));

    // Whoever has the token of a session that its user has ended is not to use up what the user has.
    private bool IsOver(HttpContext context) => context.User.SessionId() is { } session && ended.Contains(session);

    private ValueTask<TimeSpan?> OfUserAsync(RateLimit? limit, HttpContext context) =>
        context.User.FindFirstValue(Caller.UserClaim) is { } user && !IsOver(context)
            ? limit is null ? users.TakeAsync(user) : table.TakeAsync(limit, user)
            : OfNobody(context);

    // Where his sessions have used up what their user has, each has a little of its own.
    private async ValueTask<TimeSpan?> OfSessionAsync(HttpContext context) =>
        await OfUserAsync(limit: null, context) is { } wait
        && (context.User.SessionId() is not { } session || IsOver(context) || await table.TakeAsync(_sessions, session) is not null)
            ? wait
            : null;

    private ValueTask<TimeSpan?> OfNobody(HttpContext context) => new(_nobody.Take(ClientAddress.Of(context).Network));
}
