using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Origins;
using StellarPay.Frontdoor.Merchants.Registration;
using StellarPay.Frontdoor.Merchants.Signing;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>
/// Makes keys and changes them, for who proves himself: whoever has found a session makes none. Taking one away asks for less.
/// </summary>
internal sealed class ApiKeyDesk(
    ApiKeyBook book,
    MerchantWatch watch,
    MerchantMode mode,
    OwnerProof proof,
    ChangeRateLimit limit,
    IOptions<MerchantOptions> options,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    private const string Why = "it changes by which keys programs act for a business.";
    private const int MostOverlapSeconds = 24 * 60 * 60;
    private const int UsualOverlapSeconds = 60 * 60;

    private static readonly Problem Beyond = Problem.Of(new Error(
        ErrorKind.Forbidden, "api_key_beyond_role",
        "This API key may more than your role does: an owner makes and exchanges it, and says from where it is used."));

    private static readonly Problem NoKey = MerchantOutcomes.Explain(MerchantOutcome.NoKey, null!);

    public async Task<Results<Created<ApiKeyJson>, Problem>> CreateAsync(
        NewApiKeyRequest request, MerchantCaller caller, HttpContext context, CancellationToken cancellationToken)
    {
        var (form, bad) = ApiKeyForm.Read(request, mode.IsLive, time.GetUtcNow());
        if (form is null)
        {
            return bad!;
        }

        if (!MerchantPermissions.Of(form.Kind, form.Permissions ?? []).IsSubsetOf(caller.Permissions))
        {
            return Beyond;
        }

        if (await ProveAsync(request.Password, context, cancellationToken) is { } refused)
        {
            return refused;
        }

        var (id, text) = (ApiKey.NewId(time), ApiKeyText.New(form.Kind, mode.IsLive));
        var signing = SigningFor(form.Kind);
        var outcome = await book.CreateAsync(AskerOf(caller, context), id, form, text, signing, cancellationToken);
        return await ShowAsync(outcome, caller, id, text, signing) is ({ } key, _)
            ? TypedResults.Created($"/v1/merchants/{caller.Merchant.Value}/api_keys/{id}", key)
            : Explain(outcome);
    }

    public async Task<Results<Ok<ApiKeyJson>, Problem>> RotateAsync(
        string id, ApiKeyRotationRequest request, MerchantCaller caller, HttpContext context, CancellationToken cancellationToken)
    {
        if (request.OverlapSeconds is < 0 or > MostOverlapSeconds)
        {
            return Problem.Invalid(
                "overlap_seconds_invalid", $"'overlap_seconds' is from 0 to {MostOverlapSeconds}.", "overlap_seconds");
        }

        if (await FindAsync(caller, id, cancellationToken) is not { } before)
        {
            return NoKey;
        }

        if (!MayOf(before).IsSubsetOf(caller.Permissions))
        {
            return Beyond;
        }

        if (await ProveAsync(request.Password, context, cancellationToken) is { } refused)
        {
            return refused;
        }

        var kind = ApiKeyKinds.Read(before.Kind)!.Value;
        var (text, signing) = (ApiKeyText.New(kind, mode.IsLive), SigningFor(kind));
        var overlap = TimeSpan.FromSeconds(request.OverlapSeconds ?? UsualOverlapSeconds);
        var outcome = await book.RotateAsync(AskerOf(caller, context), id, MayOf(before), text, signing, overlap, cancellationToken);
        return await ShowAsync(outcome, caller, id, text, signing) is ({ } key, _) ? TypedResults.Ok(key) : Explain(outcome);
    }

    public async Task<Results<Ok<ApiKeyJson>, Problem>> ChangeAsync(
        string id, ApiKeyChangeRequest request, MerchantCaller caller, HttpContext context, CancellationToken cancellationToken)
    {
        if (await FindAsync(caller, id, cancellationToken) is not { } before)
        {
            return NoKey;
        }

        var (form, bad) = ApiKeyForm.Read(request, ApiKeyKinds.Read(before.Kind)!.Value, mode.IsLive);
        if (form is null)
        {
            return bad!;
        }

        // What it is called anybody with keys to see to may say.
        var may = form.Addresses is null && form.Origins is null ? MerchantPermissions.None : MayOf(before);
        if (!may.IsSubsetOf(caller.Permissions))
        {
            return Beyond;
        }

        if (await ProveAsync(request.Password, context, cancellationToken) is { } refused)
        {
            return refused;
        }

        var outcome = await book.ChangeAsync(AskerOf(caller, context), id, may, form, cancellationToken);
        return await ShowAsync(outcome, caller, id) is ({ } key, _) ? TypedResults.Ok(key) : Explain(outcome);
    }

    /// <summary>Takes a key away: with a step-up of who has a second factor, and without a password; it must be quick.</summary>
    public async Task<Results<Ok<ApiKeyJson>, Problem>> RevokeAsync(
        string id, MerchantCaller caller, HttpContext context, CancellationToken cancellationToken)
    {
        if (!ApiKey.IsId(id))
        {
            return NoKey;
        }

        var outcome = await book.RevokeAsync(AskerOf(caller, context), id, cancellationToken);
        return await ShowAsync(outcome, caller, id) is ({ } key, _) ? TypedResults.Ok(key) : Explain(outcome);
    }

    private static IReadOnlySet<string> MayOf(ApiKeyJson key) => MerchantPermissions.Of(ApiKeyKinds.Read(key.Kind)!.Value, key.Permissions);

    // A publishable key is everybody's: its signature would say nothing.
    private static string? SigningFor(ApiKeyKind kind) => kind == ApiKeyKind.Publishable ? null : SigningSecrets.New();

    private async Task<ApiKeyJson?> FindAsync(MerchantCaller caller, string id, CancellationToken cancellationToken) =>
        ApiKey.IsId(id) ? await book.FindAsync(caller.Merchant, id, cancellationToken) : null;

    // Counted after he has proven himself: whoever has only a session uses up nothing.
    private async Task<Problem?> ProveAsync(string? password, HttpContext context, CancellationToken cancellationToken) =>
        await proof.CheckAsync(password, Why, context.User.UserId(), context, cancellationToken)
        ?? await limit.TakeAsync(SecurityChange.MerchantKeys, context.User);

    // What was changed counts here at once, and elsewhere within seconds; whatever becomes of the caller.
    private async Task<(ApiKeyJson? Key, MerchantOutcome Outcome)> ShowAsync(
        MerchantOutcome outcome, MerchantCaller caller, string id, ApiKeyText? text = null, string? signing = null)
    {
        if (outcome != MerchantOutcome.Done)
        {
            return (null, outcome);
        }

        await watch.TakeAsync(caller.Merchant.Value, CancellationToken.None);
        return (await book.FindAsync(caller.Merchant, id, CancellationToken.None) is { } key
            ? key with { Key = text?.Reveal(), SigningSecret = signing }
            : null, outcome);
    }

    private Problem Explain(MerchantOutcome outcome) => MerchantOutcomes.Explain(outcome, new Error(
        ErrorKind.Refused, "too_many_api_keys",
        $"A business can have {options.Value.KeysPerMerchant} API keys. Please revoke one that is not needed first."));

    private static KeyAsker AskerOf(MerchantCaller caller, HttpContext context) =>
        new(caller.Merchant, context.User.UserId(), context.User.SessionId()!, caller.Key);
}
