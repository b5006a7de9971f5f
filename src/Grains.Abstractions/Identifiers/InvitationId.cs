using System.Diagnostics.CodeAnalysis;

namespace StellarPay.Grains.Identifiers;

/// <summary>The id of an invitation: <c>inv_</c> and 24 characters, sortable by the time it was made.</summary>
[GenerateSerializer, Immutable, Alias("sp.InvitationId")]
public readonly record struct InvitationId
{
    /// <summary>What every such id begins with.</summary>
    public const string Prefix = "inv_";

    private InvitationId(string value) => Value = value;

    /// <summary>The id as it is written in JSON, URLs and row keys.</summary>
    [Id(0)]
    public string Value { get; init; }

    /// <summary>
    /// The payment that an invitation becomes. There is one for each, so that none is paid twice whoever begins it how often.
    /// </summary>
    public PaymentId Payment => PaymentId.Parse(PaymentId.Prefix + Value[Prefix.Length..]);

    /// <summary>Makes a new id from the time's milliseconds and 72 random bits.</summary>
    public static InvitationId New(TimeProvider time) => new(PrefixedId.New(Prefix, time));

    /// <summary>Parses an id strictly.</summary>
    /// <exception cref="FormatException">The text has another prefix, length or alphabet.</exception>
    public static InvitationId Parse(string? text) => new(PrefixedId.Require(text, Prefix, "invitation"));

    /// <summary>Parses an id strictly; false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out InvitationId id)
    {
        var valid = PrefixedId.IsValid(text, Prefix);
        id = valid ? new InvitationId(text!) : default;
        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
