using StellarPay.Frontdoor.Invoices;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Invoices;

/// <summary>From where an invoice goes whither, and what its number begins with.</summary>
public sealed class InvoiceTransitionTests
{
    [Fact]
    public void An_invoice_goes_from_draft_to_open_and_from_there_to_one_end()
    {
        var all = Enum.GetValues<InvoiceStatus>();

        all.SelectMany(from => all.Where(to => InvoiceTransitions.May(from, to)).Select(to => $"{from} {to}")).ShouldBe(
            ["Draft Open", "Open Paid", "Open Void", "Open Uncollectible"]);
    }

    [Fact]
    public void It_has_until_the_end_of_the_day_on_which_it_is_due()
    {
        var now = new DateTimeOffset(2026, 12, 15, 10, 0, 0, TimeSpan.Zero);
        var end = now.Date.AddDays(1);
        var draft = new Invoice(
            InvoiceId.New(TimeProvider.System), MerchantId.New(TimeProvider.System), InvoiceStatus.Draft,
            new InvoiceTerms("EUR", 10, [], DaysUntilDue: 0), now);
        foreach (var due in new DateTimeOffset?[] { null, now.AddHours(-10), now.AddHours(13) })
        {
            var open = InvoiceSteps.Finalize(draft with { DueAt = due }, now).Next.ShouldNotBeNull();
            open.IsOverdueAt(new DateTimeOffset(end, TimeSpan.Zero).AddSeconds(-1)).ShouldBeFalse();
            open.IsOverdueAt(new DateTimeOffset(end, TimeSpan.Zero)).ShouldBeTrue();
        }

        InvoiceSteps.Finalize(draft with { DueAt = now.AddHours(-11) }, now).Refused!.Code.ShouldBe("invoice_due_date_over");
    }

    [Theory]
    [InlineData("ACME", "ACME")]
    [InlineData("Ada's Books & Co", "ADASBOOK")]
    [InlineData("7-11", "711")]
    [InlineData("***", "INV")]
    [InlineData("", "INV")]
    public void Its_number_begins_with_what_statements_call_its_merchant(string descriptor, string prefix) =>
        InvoiceDesk.PrefixOf(descriptor).ShouldBe(prefix);

    [Theory]
    [InlineData(1, "ACME-0001")]
    [InlineData(9999, "ACME-9999")]
    [InlineData(2_000_000_000, "ACME-2000000000")]
    public void Its_number_has_four_digits_or_what_it_needs(int sequence, string number) =>
        InvoiceRows.NumberOf("ACME", sequence).ShouldBe(number);
}
