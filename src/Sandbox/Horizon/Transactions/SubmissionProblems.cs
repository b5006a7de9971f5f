using System.Text.Json;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Horizon.Ingestion;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Transactions;

/// <summary>Why a submission has no transaction to show.</summary>
internal static class SubmissionProblems
{
    public static HorizonProblem Malformed(string envelope) => new(
        400, "transaction_malformed", "Transaction Malformed",
        "Horizon could not decode the transaction envelope in this request. A transaction should be an XDR " +
        "TransactionEnvelope struct encoded using base64.  The envelope read from this request is echoed in the " +
        "`extras.envelope_xdr` field of this response for your convenience.")
    {
        Extras = json => json.WriteString("envelope_xdr", envelope),
    };

    public static HorizonProblem Timeout(Hash hash, string envelope) => new(
        504, "transaction_submission_timeout", "Transaction Submission Timeout",
        "Your transaction submission request has timed out. This does not necessarily mean the submission has failed. " +
        "Before resubmitting, please use the transaction hash provided in `extras.hash` to poll the GET /transactions " +
        "endpoint for sometime and check if it was included in a ledger.")
    {
        Extras = json =>
        {
            json.WriteString("hash", hash.ToString());
            json.WriteString("envelope_xdr", envelope);
        },
    };

    public static HorizonProblem Failed(Hash hash, string envelope, TransactionResult result) => new(
        400, "transaction_failed", "Transaction Failed",
        "The transaction failed when submitted to the stellar network. The `extras.result_codes` field on this response " +
        "contains further details.  Descriptions of each code can be found at: " +
        "https://developers.stellar.org/api/errors/http-status-codes/horizon-specific/transaction-failed/")
    {
        Extras = json =>
        {
            json.WriteString("envelope_xdr", envelope);
            json.WriteStartObject("result_codes");
            WriteCodes(json, hash, result);
            json.WriteEndObject();
            json.WriteString("result_xdr", result.ToXdrBase64());
        },
    };

    /// <summary>Whoever submitted the inner transaction of another's fee-bump sees the inner result.</summary>
    private static void WriteCodes(Utf8JsonWriter json, Hash hash, TransactionResult result)
    {
        if (result.Inner is { } inner && inner.TransactionHash == hash)
        {
            json.WriteString("transaction", inner.Result.Code.ToHorizonCode());
        }
        else
        {
            json.WriteString("transaction", result.Code.ToHorizonCode());
            if (result.Inner is { } wrapped)
            {
                json.WriteString("inner_transaction", wrapped.Result.Code.ToHorizonCode());
            }
        }

        var operations = ResultView.Operations(result);
        if (operations.Count > 0)
        {
            json.WriteStartArray("operations");
            foreach (var operation in operations)
            {
                json.WriteStringValue(operation.ToHorizonCode());
            }

            json.WriteEndArray();
        }
    }
}
