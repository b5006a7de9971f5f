using System.Text.Json;

namespace StellarPay.Grains.Storage;

/// <summary>
/// A state of which a part is stored as rows of its own, with it and fenced by its version: a write touches those that changed.
/// </summary>
internal interface IRowState
{
    /// <summary>
    /// The rows as they were read with the state; then, what the write under way does to them. Null where nothing. Storage takes
    /// it out as the write begins.
    /// </summary>
    ChildRows? Rows { get; set; }

    /// <summary>What is stored of each row, as a digest; goes with an activation that moves to another silo.</summary>
    KnownRow[] KnownRows { get; set; }
}

/// <summary>What is stored of a row.</summary>
/// <param name="Key">The row's key.</param>
/// <param name="Digest">Of what was written.</param>
[GenerateSerializer, Immutable, Alias("sp.KnownRow")]
internal readonly record struct KnownRow([property: Id(0)] string Key, [property: Id(1)] UInt128 Digest);

/// <summary>
/// The rows of a state as storage reads them, or what a write does to them in the same statement: at most 1,000 a write, of at
/// most 64 KiB each. A <c>dueAt</c> of a row stands in a column of its own.
/// </summary>
internal sealed class ChildRows
{
    /// <summary>What was read.</summary>
    public Dictionary<string, JsonElement>? Stored { get; set; }

    /// <summary>Rows that are new or changed, each an object that is written as the state is.</summary>
    public Dictionary<string, object>? Put { get; set; }

    /// <summary>Rows that there are no more.</summary>
    public List<string>? Deleted { get; set; }
}
