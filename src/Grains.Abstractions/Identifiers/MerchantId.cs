using System.Diagnostics.CodeAnalysis;

namespace StellarPay.Grains.Identifiers;

/// <summary>The id of a merchant: <c>mer_</c> and 24 characters, sortable by the time it was made.</summary>
[GenerateSerializer, Immutable, Alias("sp.MerchantId")]
public readonly record struct MerchantId
{
    /// <summary>What every such id begins with.</summary>
    public const string Prefix = "mer_";

    private MerchantId(string value) => Value = value;

    /// <summary>The id as it is written in JSON, URLs and grain keys.</summary>
    [Id(0)]
    public string Value { get; init; }

    /// <summary>Makes a new id from the time's milliseconds and 72 random bits.</summary>
    public static MerchantId New(TimeProvider time) => new(PrefixedId.New(Prefix, time));

    /// <summary>Parses an id strictly.</summary>
    /// <exception cref="FormatException">The text has another prefix, length or alphabet.</exception>
    public static MerchantId Parse(string? text) => new(PrefixedId.Require(text, Prefix, "merchant"));

    /// <summary>Parses an id strictly; false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MerchantId id)
    {
        var valid = PrefixedId.IsValid(text, Prefix);
        id = valid ? new MerchantId(text!) : default;
        return valid;
    }

    /// <summary>
    /// The number that names the merchant himself at his own address, in a muxed address or an id memo (SEP-23): the id's first 64 bits.
    /// </summary>
    public long Number => PrefixedId.LeadingBits(Value, Prefix);

    /// <inheritdoc />
    public override string ToString() => Value;
}
