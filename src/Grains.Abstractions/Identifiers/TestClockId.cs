using System.Diagnostics.CodeAnalysis;

namespace StellarPay.Grains.Identifiers;

/// <summary>The id of a test clock: <c>clock_</c> and 24 characters, sortable by the time it was made.</summary>
[GenerateSerializer, Immutable, Alias("sp.TestClockId")]
public readonly record struct TestClockId
{
    /// <summary>What every such id begins with.</summary>
    public const string Prefix = "clock_";

    private TestClockId(string value) => Value = value;

    /// <summary>The id as it is written in JSON, URLs and grain keys.</summary>
    [Id(0)]
    public string Value { get; init; }

    /// <summary>Makes a new id from the time's milliseconds and 72 random bits.</summary>
    public static TestClockId New(TimeProvider time) => new(PrefixedId.New(Prefix, time));

    /// <summary>Parses an id strictly.</summary>
    /// <exception cref="FormatException">The text has another prefix, length or alphabet.</exception>
    public static TestClockId Parse(string? text) => new(PrefixedId.Require(text, Prefix, "test clock"));

    /// <summary>Parses an id strictly; false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TestClockId id)
    {
        var valid = PrefixedId.IsValid(text, Prefix);
        id = valid ? new TestClockId(text!) : default;
        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
