using System.Diagnostics.CodeAnalysis;

namespace StellarPay.Grains.Identifiers;

/// <summary>The id of a webhook endpoint: <c>we_</c> and 24 characters, sortable by the time it was made.</summary>
[GenerateSerializer, Immutable, Alias("sp.WebhookEndpointId")]
public readonly record struct WebhookEndpointId
{
    /// <summary>What every such id begins with.</summary>
    public const string Prefix = "we_";

    private WebhookEndpointId(string value) => Value = value;

    /// <summary>The id as it is written in JSON, URLs and grain keys.</summary>
    [Id(0)]
    public string Value { get; init; }

    /// <summary>Makes a new id from the time's milliseconds and 72 random bits.</summary>
    public static WebhookEndpointId New(TimeProvider time) => new(PrefixedId.New(Prefix, time));

    /// <summary>Parses an id strictly.</summary>
    /// <exception cref="FormatException">The text has another prefix, length or alphabet.</exception>
    public static WebhookEndpointId Parse(string? text) => new(PrefixedId.Require(text, Prefix, "webhook endpoint"));

    /// <summary>Parses an id strictly; false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out WebhookEndpointId id)
    {
        var valid = PrefixedId.IsValid(text, Prefix);
        id = valid ? new WebhookEndpointId(text!) : default;
        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
