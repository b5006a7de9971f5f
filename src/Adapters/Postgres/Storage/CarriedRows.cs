using System.Collections;
using System.Text.Json.Serialization.Metadata;
using StellarPay.Grains.Storage;

namespace StellarPay.Adapters.Postgres.Storage;

/// <summary>How many rows of other tables a write brings or takes away beside the state's own.</summary>
/// <param name="Events">How many events.</param>
/// <param name="All">How many rows in all.</param>
/// <param name="Drains">Whether it takes rows of the ledger inbox in.</param>
internal readonly record struct CarriedRows(int Events, int All, bool Drains);

/// <summary>
/// What a state carries to one write and does not keep, by the names under which <c>grain_state_write</c> looks for it; found
/// once for a type, without reading the JSON a second time.
/// </summary>
internal static class CarriedRows<T>
{
    private const string Outbox = "outbox";
    private const string Consumed = "consumed";
    private const string Booked = "booked";

    // What is read back with a state is no part of a write.
    private const string Stored = "stored";

    private static readonly string[] Lists = [Outbox, "keys", "listed"];
    private static readonly string[] Marks = ["inbox", "rows", "invited"];

    private static readonly JsonPropertyInfo[] ListsOf = [.. PropertiesOf(typeof(T)).Where(property => Lists.Contains(property.Name))];

    private static readonly (JsonPropertyInfo Marks, JsonPropertyInfo[] Lists)[] MarksOf =
    [
        .. PropertiesOf(typeof(T)).Where(property => Marks.Contains(property.Name))
            .Select(property => (property, PropertiesOf(property.PropertyType).Where(list => list.Name != Stored).ToArray())),
    ];

    /// <summary>What a write of the state carries.</summary>
    public static CarriedRows Of(T? state)
    {
        if (state is null)
        {
            return default;
        }

        var (events, all, drains) = (0, 0, false);
        foreach (var property in ListsOf)
        {
            var count = Count(property.Get!(state));
            all += count;
            events += property.Name == Outbox ? count : 0;
        }

        foreach (var (property, lists) in MarksOf)
        {
            if (property.Get!(state) is not { } marks)
            {
                continue;
            }

            foreach (var list in lists)
            {
                var count = Count(list.Get!(marks));
                all += count;
                drains |= list.Name == Consumed && count > 0;
                events += list.Name == Booked ? count : 0;
            }
        }

        return new CarriedRows(events, all, drains);
    }

    /// <summary>
    /// Takes out of a state what a write has taken with it. At once, on the grain's turn: what an interleaved call adds while the
    /// write is out belongs to the next one. A write that fails loses it with all else that it would have stored.
    /// </summary>
    public static void Detach(T? state)
    {
        if (state is null)
        {
            return;
        }

        foreach (var property in ListsOf)
        {
            // A new list: the old one may be looked at where it is written.
            property.Set?.Invoke(state, Activator.CreateInstance(property.PropertyType));
        }

        foreach (var (property, _) in MarksOf)
        {
            property.Set?.Invoke(state, null);
        }
    }

    private static int Count(object? value) => value is ICollection list ? list.Count : 0;

    private static IEnumerable<JsonPropertyInfo> PropertiesOf(Type type) =>
        StateJson.Options.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } info
            ? info.Properties.Where(property => property.Get is not null)
            : [];
}
