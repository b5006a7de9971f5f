namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>What the database holds of merchants, their webhooks and the books, at rest.</summary>
internal sealed record MerchantTables
{
    /// <summary>Merchants' events, in the order of their numbers.</summary>
    public IReadOnlyList<MerchantEventRow> Events { get; init; } = [];

    /// <summary>How far each endpoint has come in them.</summary>
    public IReadOnlyList<WebhookCursor> Cursors { get; init; } = [];

    /// <summary>What is to be sent again, or was given up.</summary>
    public IReadOnlySet<(string Endpoint, long Number)> Retries { get; init; } = new HashSet<(string, long)>();

    /// <summary>The log of all calls.</summary>
    public IReadOnlyList<WebhookTry> Tries { get; init; } = [];

    /// <summary>Test clocks, by their ids.</summary>
    public IReadOnlyDictionary<string, TestClockRow> Clocks { get; init; } = new Dictionary<string, TestClockRow>();

    /// <summary>Sessions by the addresses of their own, also of accounts that were given up.</summary>
    public IReadOnlyDictionary<string, string> OwnAddresses { get; init; } = new Dictionary<string, string>();

    /// <summary>Every balance of the journal.</summary>
    public IReadOnlyList<JournalBalance> Journal { get; init; } = [];

    /// <summary>What is wrong with the journal by its own word: entries without a template, links that do not fit.</summary>
    public IReadOnlyList<string> JournalProblems { get; init; } = [];

    /// <summary>What owners told each other and nobody took in: told, or set aside.</summary>
    public IReadOnlyList<string> Untold { get; init; } = [];
}

/// <summary>A row of <c>merchant_events</c>.</summary>
internal sealed record MerchantEventRow(string Merchant, long Number, string Id, string Type, string Object, long Sequence);

/// <summary>A row of <c>webhook_cursors</c>, with the number of its merchant's last event.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Merchant">Whose it is.</param>
/// <param name="Number">All up to this were tried, or are not for it.</param>
/// <param name="Head">The number of the merchant's last event.</param>
/// <param name="Rests">Whether it is left alone for a while: its breaker is open, or it asked for rest.</param>
internal sealed record WebhookCursor(string Endpoint, string Merchant, long Number, long Head, bool Rests);

/// <summary>A row of <c>webhook_tries</c>; the number is null of a test event.</summary>
internal sealed record WebhookTry(string Endpoint, long? Number, string EventId, string Outcome);

/// <summary>A row of <c>test_clocks</c>.</summary>
internal sealed record TestClockRow(DateTimeOffset FrozenTime, string Status);

/// <summary>A row of <c>journal_balances</c>: positive where the account is credited.</summary>
internal sealed record JournalBalance(string Owner, string Account, Money Balance);
