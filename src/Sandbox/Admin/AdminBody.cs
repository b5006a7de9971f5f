using System.Text.Json;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Admin;

/// <summary>The JSON object that an admin request carries. The first member that is wrong is the problem to answer with.</summary>
internal sealed class AdminBody
{
    private readonly JsonElement _root;

    private AdminBody(JsonElement root) => _root = root;

    public HorizonProblem? Problem { get; private set; }

    /// <summary>No body at all reads as an empty object.</summary>
    public static async Task<AdminBody> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentLength is 0 or null && http.Request.ContentType is null)
        {
            return new AdminBody(default);
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(
                http.Request.Body, cancellationToken: http.RequestAborted);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new AdminBody(document.RootElement.Clone());
            }
        }
        catch (JsonException)
        {
            // Answered below, as any other body that is no JSON object.
        }

        return new AdminBody(default) { Problem = HorizonProblem.BadRequest("The body must be a JSON object.") };
    }

    public void Refuse(string member, string reason) => Problem ??= HorizonProblem.InvalidField(member, reason);

    public string? Text(string name)
    {
        if (Member(name) is not { } member)
        {
            return null;
        }

        if (member.ValueKind == JsonValueKind.String)
        {
            return member.GetString();
        }

        Refuse(name, "must be a string");
        return null;
    }

    public long Number(string name, long min, long max, long? fallback = null)
    {
        if (Member(name) is not { } member)
        {
            if (fallback is null)
            {
                Refuse(name, "is required");
            }

            return fallback ?? 0;
        }

        if (member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var number)
            && number >= min && number <= max)
        {
            return number;
        }

        Refuse(name, $"must be a whole number from {min} to {max}");
        return 0;
    }

    public AccountId Account(string name)
    {
        if (!AccountId.TryParse(Text(name), out var account))
        {
            Refuse(name, "must be an account id that starts with G");
        }

        return account;
    }

    public long Amount(string name)
    {
        if (!StellarAmount.TryParse(Text(name), out var stroops) || stroops == 0)
        {
            Refuse(name, "must be a string with an amount, such as \"12.5\"");
        }

        return stroops;
    }

    /// <summary>Code and issuer with a colon; the code alone of the fallback is enough.</summary>
    public Asset Asset(string name, Asset fallback)
    {
        var text = Text(name);
        if (text is null || text == fallback.Code.ToString())
        {
            return fallback;
        }

        if (!Stellar.Xdr.Asset.TryParse(text, out var asset))
        {
            Refuse(name, AssetText.Message);
        }

        return asset;
    }

    private JsonElement? Member(string name) =>
        _root.ValueKind == JsonValueKind.Object
        && _root.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null
            ? member
            : null;
}
