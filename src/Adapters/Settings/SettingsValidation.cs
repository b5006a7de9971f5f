using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Faults;
using StellarPay.Adapters.KeyVault;
using StellarPay.Stellar;

namespace StellarPay.Adapters.Settings;

/// <summary>The rules that span settings. A wrong one stops the start with a sentence that names it.</summary>
internal sealed class SettingsValidation(bool development) : IValidateOptions<StellarPaySettings>
{
    private const int KeyBytes = 32;
    private const int FewestDistinctBytes = 8;

    private static readonly string[] KnownRoles = ["sandbox", "silo", "frontdoor"];

    public ValidateOptionsResult Validate(string? name, StellarPaySettings options)
    {
        var annotations = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), annotations, validateAllProperties: true);
        var failures = annotations.Select(result => result.ErrorMessage!).ToList();
        CheckRoles(options, failures);
        CheckNetwork(options, failures);
        CheckKeys(options, failures);
        if (!IPAddress.TryParse(options.SiloAddress, out var address) || IPAddress.Any.Equals(address) || IPAddress.IPv6Any.Equals(address))
        {
            failures.Add("STELLARPAY_SILO_ADDRESS must be an IP address of this machine that the others reach.");
        }

        else if (!development && options.Hosts("silo") && options.ClusterTls.Length == 0 && !IPAddress.IsLoopback(address))
        {
            failures.Add("STELLARPAY_CLUSTER_TLS is missing: outside of development a silo that others reach speaks TLS with them.");
        }

        CheckPorts(options, failures);
        CheckTelemetry(options, failures);
        if (options.Fault.Length > 0 && !development)
        {
            failures.Add("STELLARPAY_FAULT is set; faults may be armed in development only.");
        }
        else if (options.Fault.Length > 0 && !ArmedFaults.TryRead(options.Fault, out _, out _))
        {
            failures.Add(ArmedFaults.SettingRule);
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    // Only one would listen, and which one is chance. STELLARPAY_HTTP_PORT may be overridden, and says itself that it is taken.
    private static void CheckPorts(StellarPaySettings options, List<string> failures)
    {
        (string Name, int Port, bool Opens)[] ports =
        [
            ("STELLARPAY_SANDBOX_PORT", options.SandboxPort, options.Hosts("sandbox")),
            ("STELLARPAY_SILO_PORT", options.SiloPort, options.Hosts("silo")),
            ("STELLARPAY_GATEWAY_PORT", options.GatewayPort, options.Hosts("silo")),
            ("STELLARPAY_METRICS_PORT", options.MetricsPort, options.MetricsPort > 0),
        ];
        failures.AddRange(ports.Where(port => port.Opens).GroupBy(port => port.Port).Where(same => same.Count() > 1)
            .Select(same => $"{string.Join(" and ", same.Select(port => port.Name))} must not be the same port."));
    }

    private static void CheckTelemetry(StellarPaySettings options, List<string> failures)
    {
        if (options.TellsTraces
            && !(Uri.TryCreate(options.OtlpEndpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            failures.Add("OTEL_EXPORTER_OTLP_ENDPOINT must be an absolute http or https URL.");
        }

        if (!IPAddress.TryParse(options.MetricsAddress, out _))
        {
            failures.Add("STELLARPAY_METRICS_ADDRESS must be an IP address of this machine, or 0.0.0.0 for all of them.");
        }
    }

    private static void CheckRoles(StellarPaySettings options, List<string> failures)
    {
        var roles = options.Roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (roles.Length == 0 && options.Roles.Length > 0)
        {
            failures.Add(StellarPaySettings.NoRoles);
        }

        failures.AddRange(roles
            .Where(role => !KnownRoles.Contains(role, StringComparer.OrdinalIgnoreCase))
            .Select(role => $"STELLARPAY_ROLES names '{role}'; it takes any of {string.Join(", ", KnownRoles)}."));
    }

    private static void CheckNetwork(StellarPaySettings options, List<string> failures)
    {
        if (options.HorizonUrl.Length > 0
            && !(Uri.TryCreate(options.HorizonUrl, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            failures.Add("STELLAR_HORIZON_URL must be an absolute http or https URL.");
        }

        if (options.Mode == DeploymentMode.Test && options.Network == StellarNetworkKind.Public)
        {
            failures.Add("STELLARPAY_MODE may not be test on the public network: what is paid there is real.");
        }

        if (options.Network != StellarNetworkKind.Sandbox && options.UsdcIssuer.Length == 0)
        {
            failures.Add("STELLAR_USDC_ISSUER is missing: outside the sandbox the issuer of USDC must be named.");
        }

        if (options.UsdcIssuer.Length > 0 && !AccountId.TryParse(options.UsdcIssuer, out _))
        {
            failures.Add("STELLAR_USDC_ISSUER must be an account's address, G and 55 more characters.");
        }

        if (options.Network == StellarNetworkKind.Public
            && options.HorizonUrl.StartsWith("http:", StringComparison.OrdinalIgnoreCase))
        {
            failures.Add("STELLAR_HORIZON_URL must be https on the public network.");
        }
    }

    private void CheckKeys(StellarPaySettings options, List<string> failures)
    {
        CheckProvider(options, failures);
        var local = options.WalletKeyProvider == KeyProviders.Local;
        if (!development && local && options.WalletEncryptionKey.Length == 0 && options.Hosts("silo"))
        {
            failures.Add("WALLET_ENCRYPTION_KEY is missing: outside development it must be 32 bytes as 64 hexadecimal digits.");
        }

        // A silo on local keys that lacks one has been told already; with it the front door has one as well.
        if (!development && options.Hosts("frontdoor") && !(local && options.Hosts("silo"))
            && options.TokenEncryptionKey.Length == 0 && options.WalletEncryptionKey.Length == 0)
        {
            failures.Add("TOKEN_ENCRYPTION_KEY is missing: outside development it must be 32 bytes as 64 hexadecimal digits.");
        }

        var walletKeys = CheckSeveral("WALLET_ENCRYPTION_KEY", options.WalletEncryptionKey, failures);
        if (walletKeys > 1 && options.Hosts("frontdoor") && options.TokenEncryptionKey.Length == 0)
        {
            failures.Add(
                "TOKEN_ENCRYPTION_KEY is missing: with several keys in WALLET_ENCRYPTION_KEY, set it to the one that was there first.");
        }

        CheckKey("TOKEN_ENCRYPTION_KEY", options.TokenEncryptionKey, failures);
        CheckSeveral("DATA_ENCRYPTION_KEY", options.DataEncryptionKey, failures);
    }

    private static int CheckSeveral(string name, string given, List<string> failures)
    {
        var keys = given.Split(',', StringSplitOptions.TrimEntries);
        foreach (var key in keys)
        {
            CheckKey(name, key, failures);
        }

        if (keys.Length > 1 && Array.Exists(keys, key => key.Length == 0))
        {
            failures.Add($"{name} has an empty key between its commas.");
        }

        return keys.Length;
    }

    private static void CheckProvider(StellarPaySettings options, List<string> failures)
    {
        if (!KeyProviders.All.Contains(options.WalletKeyProvider, StringComparer.Ordinal))
        {
            failures.Add(
                $"WALLET_KEY_PROVIDER is '{options.WalletKeyProvider}'; it takes {string.Join(" or ", KeyProviders.All)}.");
        }
        else if (options.UsesAzureKeyVault && options.Hosts("silo") && !KeyVaultKeyId.TryParse(options.AzureKeyVaultKey, out _))
        {
            failures.Add(
                "AZURE_KEY_VAULT_KEY must be a key's URL, https://NAME.vault.azure.net/keys/KEYNAME, with or without /VERSION.");
        }
        else if (!options.UsesAzureKeyVault && options.AzureKeyVaultKey.Length > 0)
        {
            failures.Add("AZURE_KEY_VAULT_KEY is set, but WALLET_KEY_PROVIDER is local; set it to azure-key-vault.");
        }
    }

    private static void CheckKey(string name, string hex, List<string> failures)
    {
        if (hex.Length == 0)
        {
            return;
        }

        var key = new byte[KeyBytes];
        var status = Convert.FromHexString(hex, key, out var consumed, out var written);
        if (status != System.Buffers.OperationStatus.Done || written != KeyBytes || consumed != hex.Length)
        {
            failures.Add($"{name} must be 32 bytes as 64 hexadecimal digits.");
        }
        else if (key.Distinct().Count() < FewestDistinctBytes)
        {
            failures.Add($"{name} is weak: its bytes repeat; make one with `openssl rand -hex 32`.");
        }

        CryptographicOperations.ZeroMemory(key);
    }
}
