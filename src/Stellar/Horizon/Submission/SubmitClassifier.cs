using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StellarPay.Stellar.Horizon.Json;
using StellarPay.Stellar.Horizon.Transport;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>
/// Decides, once, what an answer to a submission means. Doubt is <see cref="SubmitOutcome.Unknown"/>.
/// </summary>
internal static class SubmitClassifier
{
    /// <summary>The answer of POST /transactions, or of friendbot.</summary>
    internal static SubmitResult Classify(HorizonAnswer answer)
    {
        if (answer.Status is HttpStatusCode.OK or HttpStatusCode.Created)
        {
            return Applied(answer);
        }
        var error = HorizonJsonReader.ReadError((int)answer.Status, answer.Body.Span);
        if (string.IsNullOrEmpty(error.TransactionCode) && error.ResultXdr is { } xdr)
        {
            // A Horizon that has no name for a code of a later protocol still hands the result on.
            return ByResult(answer, error, xdr);
        }
        return string.IsNullOrEmpty(error.TransactionCode) ? ByStatus(answer, error) : ByCode(answer, error);
    }

    /// <summary>The answer of POST /transactions_async.</summary>
    internal static SubmitResult ClassifyAsync(HorizonAnswer answer)
    {
        if (Read(answer, HorizonJson.Default.AsyncSubmissionJson) is not { TxStatus: { } status } json)
        {
            return Classify(answer);
        }
        var result = new SubmitResult
        {
            Outcome = SubmitOutcome.Unknown,
            Reason = "stellar-core has the transaction; a ledger has yet to decide.",
            Hash = HashOf(json.Hash),
            HttpStatus = (int)answer.Status,
            LookUpHashFirst = true,
        };
        return status switch
        {
            "PENDING" or "DUPLICATE" => result with { IsQueued = true },
            "TRY_AGAIN_LATER" => result with
            {
                Outcome = SubmitOutcome.RetrySameEnvelope,
                Reason = "stellar-core's queue does not take the transaction at the moment.",
                RetryAfter = answer.RetryAfter,
            },
            "ERROR" => Refused(result, json.ErrorResultXdr ?? json.ErrorResultXdrOld),
            _ => result with { Reason = "Horizon answered with a status that is not known." },
        };
    }

    /// <summary>No answer at all.</summary>
    internal static SubmitResult Classify(Exception exception) =>
        NeverSent(exception)
            ? new SubmitResult
            {
                Outcome = SubmitOutcome.RetrySameEnvelope,
                Reason = "Horizon could not be reached; nothing was sent.",
            }
            : new SubmitResult
            {
                Outcome = SubmitOutcome.Unknown,
                Reason = "The connection to Horizon failed or timed out before an answer came.",
                LookUpHashFirst = true,
            };

    private static SubmitResult Applied(HorizonAnswer answer)
    {
        var json = Read(answer, HorizonJson.Default.SubmittedJson);
        var result = new SubmitResult
        {
            Outcome = SubmitOutcome.Unknown,
            Reason = "Horizon's answer could not be understood.",
            Hash = HashOf(json?.Hash),
            Ledger = json?.Ledger,
            ResultXdr = json?.ResultXdr,
            HttpStatus = (int)answer.Status,
        };
        if (result.Hash is null || result.Ledger is null)
        {
            return result with { LookUpHashFirst = true };
        }
        // Horizon before 0.17 had no such field, and answered so only for success.
        return json!.Successful ?? true
            ? result with
            {
                Outcome = SubmitOutcome.Succeeded,
                Reason = $"Applied in ledger {result.Ledger}.",
                TransactionCode = TransactionCodes.Success,
            }
            : result with
            {
                Outcome = SubmitOutcome.Terminal,
                Reason = $"Failed in ledger {result.Ledger}.",
                TransactionCode = TransactionCodes.Failed,
            };
    }

    private static SubmitResult ByCode(HorizonAnswer answer, HorizonError error)
    {
        var inner = string.IsNullOrEmpty(error.InnerTransactionCode) ? null : error.InnerTransactionCode;
        var outcome = TransactionCodes.OutcomeOf(error.TransactionCode!, inner);
        var decisive = error.InnerTransactionCode ?? error.TransactionCode!;
        return new SubmitResult
        {
            Outcome = outcome,
            HasUnknownCode = !TransactionCodes.IsKnown(error.TransactionCode!, inner),
            Reason = $"Stellar answered {string.Join(", ", Codes(error))}.",
            LookUpHashFirst = outcome is SubmitOutcome.Rebuild or SubmitOutcome.Unknown
                || decisive is TransactionCodes.TooLate or TransactionCodes.NoAccount,
            Hash = HashOf(error.Hash),
            TransactionCode = error.TransactionCode,
            InnerTransactionCode = error.InnerTransactionCode,
            OperationCodes = error.OperationCodes,
            ResultXdr = error.ResultXdr,
            HttpStatus = error.Status,
            RetryAfter = outcome == SubmitOutcome.RetrySameEnvelope ? answer.RetryAfter : null,
        };
    }

    private static SubmitResult ByStatus(HorizonAnswer answer, HorizonError error)
    {
        var outcome = error.Status switch
        {
            400 when error.Type is "transaction_malformed" or "bad_request" => SubmitOutcome.Terminal,
            413 => SubmitOutcome.Terminal,
            // Refused before the transaction was looked at; says nothing about the transaction.
            401 or 403 or 404 or 405 or 429 or 503 => SubmitOutcome.RetrySameEnvelope,
            // 504 by design (Horizon stopped waiting), 500 and 502 because they may come after it was sent on.
            _ => SubmitOutcome.Unknown,
        };
        return new SubmitResult
        {
            Outcome = outcome,
            Reason = new HorizonException(error).Message,
            LookUpHashFirst = outcome == SubmitOutcome.Unknown,
            Hash = HashOf(error.Hash),
            HttpStatus = error.Status,
            RetryAfter = outcome == SubmitOutcome.RetrySameEnvelope ? answer.RetryAfter : null,
        };
    }

    private static SubmitResult Refused(SubmitResult result, string? resultXdr) =>
        ByResult(default, new HorizonError { Status = result.HttpStatus ?? 0 }, resultXdr) with { Hash = result.Hash };

    // What cannot be read holds a code that is not known here: nothing else changes between protocols.
    private static SubmitResult ByResult(HorizonAnswer answer, HorizonError error, string? resultXdr)
    {
        if (ResultCodes.FromXdrBase64(resultXdr) is { } codes)
        {
            return ByCode(answer, error with
            {
                TransactionCode = codes.Transaction,
                InnerTransactionCode = codes.InnerTransaction,
                OperationCodes = codes.Operations,
                ResultXdr = resultXdr,
            });
        }
        var code = ResultCodes.NumberFromXdrBase64(resultXdr);
        return new SubmitResult
        {
            Outcome = SubmitOutcome.Unknown,
            HasUnknownCode = resultXdr is not null,
            Reason = code is null
                ? "Horizon refused the transaction without a result that can be read."
                : $"Stellar answered with a result that is not known, of code {code}.",
            LookUpHashFirst = true,
            Hash = HashOf(error.Hash),
            ResultXdr = resultXdr,
            HttpStatus = error.Status,
        };
    }

    private static IEnumerable<string> Codes(HorizonError error)
    {
        yield return error.TransactionCode!;
        if (!string.IsNullOrEmpty(error.InnerTransactionCode))
        {
            yield return error.InnerTransactionCode;
        }
        foreach (var code in error.OperationCodes)
        {
            yield return code;
        }
    }

    private static T? Read<T>(HorizonAnswer answer, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body.Span, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Hash? HashOf(string? hex)
    {
        try
        {
            return hex is null ? null : Hash.FromHex(hex);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // Only what fails before the first byte of the request can leave.
    private static bool NeverSent(Exception exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError
            or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError,
    } && !IsReset(exception);

    // A reset may come after the request was read.
    private static bool IsReset(Exception exception)
    {
        for (var cause = exception.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException
                {
                    SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted,
                })
            {
                return true;
            }
        }
        return false;
    }
}
