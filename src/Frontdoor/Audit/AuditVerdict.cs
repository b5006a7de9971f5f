using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Postgres.Audit;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Notary;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;

namespace StellarPay.Frontdoor.Audit;

/// <summary>Verifies the audit log against what the ledger knows of it, and says so in sentences.</summary>
internal sealed class AuditVerdict(AuditVerification verification, IPlatformAccounts accounts, TextWriter output)
{
    /// <summary>Something is not as it was written.</summary>
    public const int Differs = 1;

    /// <summary>The command was not understood.</summary>
    public const int WrongUsage = 2;

    /// <summary>The chains fit, but the ledger did not say whether their end is cut off.</summary>
    public const int NotCompared = 3;

    /// <param name="question">What is asked.</param>
    /// <param name="askLedger">Reads an account's head from the ledger.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The process's exit code: 0 where all is as it was written, and the ledger says so too.</returns>
    public async Task<int> GiveAsync(
        AuditQuestion question, Func<AccountId, Task<AuditHead?>> askLedger, CancellationToken cancellationToken)
    {
        // Before the log is read: what the ledger knows now was appended before.
        var onLedger = question.Offline ? null : await ReadLedgerAsync(question, askLedger, cancellationToken);
        var heads = new List<(AuditHead Head, string Witness)>();
        if (onLedger is not null)
        {
            heads.Add((onLedger, "the ledger"));
        }

        if (await verification.ReadAnchoredAsync(cancellationToken) is { } said)
        {
            heads.Add((said, "the notary"));
        }

        var report = await verification.VerifyAsync(heads, cancellationToken);
        foreach (var fault in report.Faults)
        {
            await output.WriteLineAsync($"{fault.Chain} {fault.Number}: this entry {fault.What}.");
        }

        await output.WriteLineAsync(
            $"{report.Entries} entries in {report.Chains} chains; the newest checkpoint is {report.Checkpoints}.");
        var (code, sentence) = (report.Faults.Count, onLedger) switch
        {
            ( > 0, _) => (Differs, "The audit log is NOT as it was written."),
            (_, null) => (NotCompared, "The chains fit. Whether their end is cut off only the ledger could say."),
            _ => (0, $"The audit log is as it was written; the ledger bears witness up to checkpoint {onLedger!.Number}."),
        };
        await output.WriteLineAsync(sentence);
        return code;
    }

    private async Task<AuditHead?> ReadLedgerAsync(
        AuditQuestion question, Func<AccountId, Task<AuditHead?>> askLedger, CancellationToken cancellationToken)
    {
        var stored = (await accounts.ListAsync(cancellationToken)).FirstOrDefault(account => account.Name == INotaryGrain.Key)?.Address;
        if ((question.Account ?? (stored is null ? null : AccountId.Parse(stored))) is not { } account)
        {
            await output.WriteLineAsync($"{INotaryGrain.Key} has no key here; name its address with --account.");
            return null;
        }

        if (stored is not null && stored != account.ToString())
        {
            await output.WriteLineAsync($"The database says that {INotaryGrain.Key} is {stored}, which is not the account that was named.");
        }

        try
        {
            var head = await askLedger(account);
            await output.WriteLineAsync(head is null
                ? $"On the ledger {account} has no checkpoint."
                : $"On the ledger {account} has checkpoint {head.Number}, {head.Hash}.");
            return head;
        }
        catch (Exception e) when (e is HorizonException or NetworkProfileException or OperationCanceledException)
        {
            await output.WriteLineAsync($"The ledger was not read: {e.Message}");
            return null;
        }
    }
}
