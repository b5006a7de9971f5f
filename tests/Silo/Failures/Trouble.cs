using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Azure;
using Azure.Identity;
using Npgsql;
using Orleans.Storage;
using StellarPay.Adapters.Faults;
using StellarPay.Adapters.KeyVault;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Silo.Tests.Failures;

/// <summary>Every kind of exception that can fly in a grain, ours and the libraries', and whether it passes.</summary>
internal static class Trouble
{
    /// <summary>What no caller may ever read.</summary>
    public const string Secret = "secret-4711";

    private static readonly Dictionary<string, Func<Exception>> Passing = new()
    {
        ["connection cut"] = () => new NpgsqlException(Secret, new EndOfStreamException(Secret)),
        ["connection without a cause"] = () => new NpgsqlException(Secret),
        ["server going down"] = () => Sql(PostgresErrorCodes.AdminShutdown),
        ["serialization"] = () => Sql(PostgresErrorCodes.SerializationFailure),
        ["lock not had"] = () => Sql(PostgresErrorCodes.LockNotAvailable),
        ["too many connections"] = () => Sql(PostgresErrorCodes.TooManyConnections),
        ["statement timeout"] = () => Sql(PostgresErrorCodes.QueryCanceled),
        ["a replica now"] = () => Sql(PostgresErrorCodes.ReadOnlySqlTransaction),
        ["azure away"] = () => new RequestFailedException(0, Secret),
        ["azure busy"] = () => new RequestFailedException(503, Secret),
        ["azure login away"] = () => new AuthenticationFailedException(Secret, new HttpRequestException(Secret, new SocketException(111))),
        ["http refused"] = () => new HttpRequestException(Secret, new SocketException(111)),
        ["http 503"] = () => new HttpRequestException(Secret, null, HttpStatusCode.ServiceUnavailable),
        ["socket"] = () => new SocketException(104),
        ["io"] = () => new IOException(Secret),
        ["timeout"] = () => new TimeoutException(Secret),
        ["cancelled"] = () => new OperationCanceledException(Secret),
        ["task cancelled"] = () => new TaskCanceledException(Secret),
        ["going down"] = () => new ObjectDisposedException(Secret),
        ["lost race"] = () => new InconsistentStateException(Secret, "1", "2"),
        ["lost silo"] = () => new SiloUnavailableException(Secret),
        ["not stored"] = () => new OrleansException(Secret),
        ["storage"] = () => new OrleansException(Secret, new NpgsqlException(Secret, new IOException(Secret))),
        ["many"] = () => new AggregateException(Secret, new TimeoutException(Secret), new IOException(Secret)),
        ["wrapped"] = () => new InvalidOperationException(Secret, new NpgsqlException(Secret, new IOException(Secret))),
        ["network away"] = () => new NetworkUnavailableException(Secret),
        ["keeper of keys away"] = () => new KeyEncryptionUnavailableException(Secret),
        ["vault away"] = () => new KeyVaultException(Secret),
        ["deny list away"] = () => new DenyListUnavailableException(Secret),
        ["fault"] = () => new FaultInjectedException(Secret),
    };

    private static readonly Dictionary<string, Func<Exception>> Mistakes = new()
    {
        ["numeric overflow"] = () => Sql(PostgresErrorCodes.NumericValueOutOfRange),
        ["unique violation"] = () => Sql(PostgresErrorCodes.UniqueViolation),
        ["undefined function"] = () => Sql(PostgresErrorCodes.UndefinedFunction),
        ["no right"] = () => Sql(PostgresErrorCodes.InsufficientPrivilege),
        ["too complex"] = () => Sql(PostgresErrorCodes.StatementTooComplex),
        ["raised"] = () => Sql(PostgresErrorCodes.RaiseException),
        ["stored mistake"] = () => new OrleansException(Secret, Sql(PostgresErrorCodes.CheckViolation)),
        ["azure refuses"] = () => new RequestFailedException(403, Secret),
        ["azure login refused"] = () => new AuthenticationFailedException(Secret),
        ["http 404"] = () => new HttpRequestException(Secret, null, HttpStatusCode.NotFound),
        ["no file"] = () => new FileNotFoundException(Secret),
        ["json"] = () => new JsonException(Secret),
        ["invalid operation"] = () => new InvalidOperationException(Secret),
        ["argument"] = () => new ArgumentOutOfRangeException(Secret),
        ["null"] = () => new NullReferenceException(Secret),
        ["one of many"] = () => new AggregateException(Secret, new TimeoutException(Secret), new InvalidOperationException(Secret)),
        ["xdr"] = () => new XdrException(Secret),
        ["vault refuses"] = () => new KeyVaultException(Secret, 403),
        ["no platform key"] = () => new PlatformKeyMissingException(Secret),
        ["own type of a test"] = () => new UnheardOfException(),
        ["data that cannot travel"] = () => new InvalidOperationException(Secret) { Data = { ["stream"] = new MemoryStream() } },
    };

    public static IEnumerable<string> Kinds => [.. Passing.Keys, .. Mistakes.Keys];

    public static bool Passes(string kind) => Passing.ContainsKey(kind);

    public static Exception Of(string kind) => Passing.TryGetValue(kind, out var passing) ? passing() : Mistakes[kind]();

    private static PostgresException Sql(string state) => new(Secret, "ERROR", "ERROR", state, detail: Secret);

    private sealed class UnheardOfException() : Exception(Secret);
}
