using System.Collections;
using System.Text.Json.Serialization.Metadata;

namespace StellarPay.Adapters.Postgres.Storage;

/// <summary>How many rows of other tables a write brings or takes away beside the state's own.</summary>
/// <param name="Events">How many events.</param>
/// <param name="All">How many rows in all.</param>
/// <param name="Drains">Whether it takes rows of the ledger inbox in.</param>
internal readonly record struct CarriedRows(int Events, int All, bool Drains);

/// <summary>
/// Counts them by the names under which <c>grain_state_write</c> looks for them; found once for a type, without reading the JSON
/// a second time.
/// </summary>
internal static class CarriedRows<T>
{
    private const string Outbox = "outbox";
    private const string Inbox = "inbox";
    private const string Consumed = "consumed";

    private static readonly string[] Lists = ["keys", "rows"];
    private static readonly Func<object, object?>? OutboxOf = Properties(typeof(T)).GetValueOrDefault(Outbox);
    private static readonly Func<object, object?>? InboxOf = Properties(typeof(T)).GetValueOrDefault(Inbox);

    private static readonly Func<object, object?>[] ListsOf =
        [.. Properties(typeof(T)).Where(property => Lists.Contains(property.Key)).Select(property => property.Value)];

    private static readonly Dictionary<string, Func<object, object?>> MarksOf = Properties(TypeOf(Inbox));

    /// <summary>What a write of the state carries.</summary>
    public static CarriedRows Of(T? state)
    {
        if (state is null)
        {
            return default;
        }

        var events = OutboxOf is null ? 0 : Count(OutboxOf(state));
        var all = events;
        foreach (var list in ListsOf)
        {
            all += Count(list(state));
        }

        var drains = false;
        if (InboxOf?.Invoke(state) is { } marks)
        {
            foreach (var (name, get) in MarksOf)
            {
                var count = Count(get(marks));
                all += count;
                drains |= name == Consumed && count > 0;
            }
        }

        return new CarriedRows(events, all, drains);
    }

    private static int Count(object? value) => value is ICollection list ? list.Count : 0;

    private static Type? TypeOf(string name) => InfoOf(typeof(T))?.Properties.FirstOrDefault(p => p.Name == name)?.PropertyType;

    private static Dictionary<string, Func<object, object?>> Properties(Type? type)
    {
        var properties = new Dictionary<string, Func<object, object?>>(StringComparer.Ordinal);
        foreach (var property in InfoOf(type)?.Properties ?? [])
        {
            if (property.Get is { } get)
            {
                properties[property.Name] = get;
            }
        }

        return properties;
    }

    private static JsonTypeInfo? InfoOf(Type? type) =>
        type is not null && StateJson.Options.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } info ? info : null;
}
