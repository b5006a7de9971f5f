using Microsoft.AspNetCore.Mvc;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>Which invoices are asked for.</summary>
/// <param name="Status">With this status: draft, open, paid, void or uncollectible.</param>
/// <param name="Number">With this number.</param>
/// <param name="CustomerEmail">For the customer with this e-mail address.</param>
/// <param name="DueAfter">Due after this second of Unix time.</param>
/// <param name="DueFrom">Due in it or after.</param>
/// <param name="DueBefore">Due before it.</param>
/// <param name="DueTo">Due in it or before.</param>
internal sealed record InvoiceQuestion(
    [property: FromQuery(Name = "status")] string? Status,
    [property: FromQuery(Name = "number")] string? Number,
    [property: FromQuery(Name = "customer_email")] string? CustomerEmail,
    [property: FromQuery(Name = "due_date[gt]")] long? DueAfter,
    [property: FromQuery(Name = "due_date[gte]")] long? DueFrom,
    [property: FromQuery(Name = "due_date[lt]")] long? DueBefore,
    [property: FromQuery(Name = "due_date[lte]")] long? DueTo)
{
    private const int LongestNumber = 40;
    private const long LastSecond = 253_402_300_798;

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public Problem? Read(MerchantId merchant, CreatedRange created, InvoiceCustomers customers, out InvoiceFilter? filter)
    {
        filter = null;
        if (Status is not null && InvoiceJson.StatusOf(Status) is null)
        {
            return Problem.Invalid("parameter_invalid", "'status' is draft, open, paid, void or uncollectible.", "status");
        }

        if (Number is not null && (Number.Length is 0 or > LongestNumber || !Number.All(letter => letter is >= ' ' and <= '~')))
        {
            return Problem.Invalid("parameter_invalid", "'number' is an invoice's number, such as ACME-0001.", "number");
        }

        string? email = null;
        if (CustomerEmail is not null && !EmailAddress.TryParse(CustomerEmail, out email))
        {
            return Problem.Invalid("parameter_invalid", "'customer_email' is an e-mail address.", "customer_email");
        }

        if (new[] { DueAfter, DueFrom, DueBefore, DueTo }.Any(second => second is < 0 or > LastSecond))
        {
            return Problem.Invalid("parameter_invalid", "'due_date' is a time in seconds of Unix time.", "due_date");
        }

        if (created.Read(out var from, out var to) is { } badTime)
        {
            return badTime;
        }

        filter = new InvoiceFilter(
            Status is null ? null : InvoiceJson.StatusOf(Status), TimeOf(new[] { DueFrom, DueAfter + 1 }.Max()),
            TimeOf(new[] { DueBefore, DueTo + 1 }.Min()), customers.Of(merchant, email), Number)
        {
            CreatedFrom = from, CreatedBefore = to,
        };
        return null;
    }

    private static DateTimeOffset? TimeOf(long? second) => second is { } at ? DateTimeOffset.FromUnixTimeSeconds(at) : null;
}
