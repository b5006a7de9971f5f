using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>Reminders through the same queries, parameters and columns as Orleans' ADO.NET provider.</summary>
internal sealed class AdoNetReminderTable(
    IOptions<AdoNetReminderTableOptions> options, IOptions<ClusterOptions> cluster) : IReminderTable
{
    private static readonly string[] Required =
    [
        "UpsertReminderRowKey", "ReadReminderRowsKey", "ReadReminderRowKey", "ReadRangeRows1Key", "ReadRangeRows2Key",
        "DeleteReminderRowKey", "DeleteReminderRowsKey",
    ];

    private readonly AdoDatabase _database = new(
        nameof(AdoNetReminderTableOptions),
        options.Value.Invariant,
        options.Value.ConnectionString,
        options.Value.DataSource);

    private Dictionary<string, string> _queries = [];

    private string ServiceId => cluster.Value.ServiceId;

    public async Task StartAsync(CancellationToken cancellationToken = default) =>
        _queries = await _database.QueriesAsync(Required, cancellationToken).ConfigureAwait(false);

    public async Task<ReminderTableData> ReadRows(GrainId grainId) => new(await ReadAsync(
        "ReadReminderRowsKey", command => command.With("GrainId", grainId.ToString())).ConfigureAwait(false));

    public async Task<ReminderTableData> ReadRows(uint begin, uint end)
    {
        var (from, to) = unchecked(((int)begin, (int)end));
        return new ReminderTableData(await ReadAsync(
            from < to ? "ReadRangeRows1Key" : "ReadRangeRows2Key",
            command => command.With("BeginHash", (int?)from).With("EndHash", (int?)to)).ConfigureAwait(false));
    }

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => (await ReadAsync(
        "ReadReminderRowKey",
        command => command.With("GrainId", grainId.ToString()).With("ReminderName", reminderName))
        .ConfigureAwait(false)).FirstOrDefault();

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var period = (long)entry.Period.TotalMilliseconds;
        var rows = await RunAsync(
            "UpsertReminderRowKey",
            command =>
            {
                command.With("GrainHash", (int?)unchecked((int)entry.GrainId.GetUniformHashCode()))
                    .With("GrainId", entry.GrainId.ToString())
                    .With("ReminderName", entry.ReminderName)
                    .With("StartTime", entry.StartAt);
                _ = period > int.MaxValue ? command.With("Period", period) : command.With("Period", (int?)period);
            },
            static row => row.Int32OrNull("Version")).ConfigureAwait(false);
        return rows.Single()?.ToString(CultureInfo.InvariantCulture);
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        var rows = await RunAsync(
            "DeleteReminderRowKey",
            command => command.With("GrainId", grainId.ToString())
                .With("ReminderName", reminderName)
                .With("Version", (int?)int.Parse(eTag, CultureInfo.InvariantCulture)),
            static row => Convert.ToBoolean(row.GetValue(0), CultureInfo.InvariantCulture)).ConfigureAwait(false);
        return rows[0];
    }

    public Task TestOnlyClearTable() => RunAsync("DeleteReminderRowsKey", static _ => { }, static _ => true);

    private static ReminderEntry? EntryOf(DbDataReader row)
    {
        var grainId = row.GetOrdinal("GrainId");
        return row.IsDBNull(grainId) ? null : new ReminderEntry
        {
            GrainId = GrainId.Parse(row.GetString(grainId)),
            ReminderName = row.GetString(row.GetOrdinal("ReminderName")),
            StartAt = DateTime.SpecifyKind(row.GetDateTime(row.GetOrdinal("StartTime")), DateTimeKind.Utc),
            Period = TimeSpan.FromMilliseconds(
                Convert.ToInt64(row.GetValue(row.GetOrdinal("Period")), CultureInfo.InvariantCulture)),
            ETag = row.Int32OrNull("Version")?.ToString(CultureInfo.InvariantCulture),
        };
    }

    private async Task<IEnumerable<ReminderEntry>> ReadAsync(string key, Action<DbCommand> addParameters) =>
        (await RunAsync(key, addParameters, EntryOf).ConfigureAwait(false)).OfType<ReminderEntry>();

    private Task<List<T>> RunAsync<T>(string key, Action<DbCommand> addParameters, Func<DbDataReader, T> read) =>
        _database.QueryAsync(
            _queries.TryGetValue(key, out var text)
                ? text
                : throw new InvalidOperationException("The reminder table is used before it was started."),
            command =>
            {
                command.With("ServiceId", ServiceId);
                addParameters(command);
            },
            read,
            CancellationToken.None);
}
