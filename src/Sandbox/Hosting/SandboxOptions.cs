using System.ComponentModel.DataAnnotations;

namespace StellarPay.Sandbox;

/// <summary>How a sandbox network runs.</summary>
public sealed class SandboxOptions
{
    /// <summary>The passphrase of stand-alone networks, which the SDKs know by name.</summary>
    public const string StandalonePassphrase = "Standalone Network ; February 2017";

    /// <summary>The port of the HTTP API; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 8000;

    /// <summary>The address to listen on.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Where closed ledgers are kept; null keeps them in memory only.</summary>
    public string? DataFolder { get; set; }

    /// <summary>The network's passphrase; the root account's seed is its SHA-256.</summary>
    [Required]
    public string Passphrase { get; set; } = StandalonePassphrase;

    /// <summary>How often a ledger closes; zero closes one as soon as a transaction waits.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan CloseInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Start with the clock stopped: ledgers close only when the admin API says so.</summary>
    public bool StartPaused { get; set; }

    /// <summary>How long a submission waits for its ledger before it is answered with 504.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan SubmissionTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Operations that a ledger takes; beyond that, those with the higher fee rate come first.</summary>
    [Range(1, 1_000_000)]
    public int MaxOperationsPerLedger { get; set; } = 10_000;

    /// <summary>Ledgers between two snapshots.</summary>
    [Range(1, int.MaxValue)]
    public int LedgersPerSnapshot { get; set; } = 1_000;

    /// <summary>Whether each ledger waits for the disk; needed against power loss, not against SIGKILL.</summary>
    public bool FlushToDisk { get; set; }

    internal void CopyFrom(SandboxOptions other)
    {
        Port = other.Port;
        Address = other.Address;
        DataFolder = other.DataFolder;
        Passphrase = other.Passphrase;
        CloseInterval = other.CloseInterval;
        StartPaused = other.StartPaused;
        SubmissionTimeout = other.SubmissionTimeout;
        MaxOperationsPerLedger = other.MaxOperationsPerLedger;
        LedgersPerSnapshot = other.LedgersPerSnapshot;
        FlushToDisk = other.FlushToDisk;
    }
}
