using System.Text.Json;

namespace StellarPay.Grains.Audit;

/// <summary>The record of who did what that nobody can change afterwards.</summary>
public interface IAuditLog
{
    /// <summary>Appends an entry; when the task has completed it is durable.</summary>
    Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Appends the first entry of a kind about its subject on a day (UTC); a further one changes nothing.</summary>
    Task AppendDailyAsync(AuditEntry entry, string kind, CancellationToken cancellationToken);
}

/// <summary>One entry. Never carries a secret.</summary>
/// <param name="Actor">Who: a user's id, or the grain that acts of itself.</param>
/// <param name="Action">What, as <c>thing.verb</c>, such as <c>key.unwrap</c>.</param>
/// <param name="Subject">The id of what it was done to.</param>
/// <param name="Detail">A JSON object with more, or null.</param>
public sealed record AuditEntry(string Actor, string Action, string Subject, JsonElement? Detail = null);
