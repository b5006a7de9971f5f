using System.Diagnostics.CodeAnalysis;

namespace StellarPay.Grains.Identifiers;

/// <summary>The id of an invoice: <c>in_</c> and 24 characters, sortable by the time it was made.</summary>
[GenerateSerializer, Immutable, Alias("sp.InvoiceId")]
public readonly record struct InvoiceId
{
    /// <summary>What every such id begins with.</summary>
    public const string Prefix = "in_";

    private InvoiceId(string value) => Value = value;

    /// <summary>The id as it is written in JSON, URLs and grain keys.</summary>
    [Id(0)]
    public string Value { get; init; }

    /// <summary>Makes a new id from the time's milliseconds and 72 random bits.</summary>
    public static InvoiceId New(TimeProvider time) => new(PrefixedId.New(Prefix, time));

    /// <summary>Parses an id strictly.</summary>
    /// <exception cref="FormatException">The text has another prefix, length or alphabet.</exception>
    public static InvoiceId Parse(string? text) => new(PrefixedId.Require(text, Prefix, "invoice"));

    /// <summary>Parses an id strictly; false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out InvoiceId id)
    {
        var valid = PrefixedId.IsValid(text, Prefix);
        id = valid ? new InvoiceId(text!) : default;
        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
