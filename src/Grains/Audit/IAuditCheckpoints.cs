namespace StellarPay.Grains.Audit;

/// <summary>Entries of the audit log that name the newest entry of each of its chains. They are a chain themselves.</summary>
public interface IAuditCheckpoints
{
    /// <summary>Appends one, and gives its place: whoever keeps that elsewhere knows all entries until now.</summary>
    Task<AuditHead> AppendAsync(CancellationToken cancellationToken);
}
