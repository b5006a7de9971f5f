using System.Security.Claims;
using System.Text.Json;
using StellarPay.Frontdoor.Auth;
using StellarPay.Grains.Audit;

namespace StellarPay.Frontdoor.Admin;

/// <summary>
/// The audit log's line about what an administrator does. It is written before the deed, so that nothing is ever done
/// that the log does not know of; that a deed was asked for and failed is worth a line too.
/// </summary>
internal sealed class AdminAudit(IAuditLog audit)
{
    /// <param name="admin">Who does it.</param>
    /// <param name="action">What, as <c>thing.verb</c>, such as <c>wallet.freeze</c>.</param>
    /// <param name="subject">The id of what it is done to.</param>
    /// <param name="detail">An object with more, such as the reason; null for none. Never a secret.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    public Task RecordAsync(
        ClaimsPrincipal admin, string action, string subject, object? detail, CancellationToken cancellationToken) =>
        audit.AppendAsync(
            new AuditEntry(
                admin.UserId().Value,
                action,
                subject,
                detail is null ? null : JsonSerializer.SerializeToElement(detail, JsonSerializerOptions.Web)),
            cancellationToken);
}
