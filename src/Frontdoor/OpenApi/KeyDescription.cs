using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StellarPay.Frontdoor.Idempotency;
using StellarPay.Frontdoor.Payments;

namespace StellarPay.Frontdoor.OpenApi;

/// <summary>How the API's description speaks of idempotency keys of what merchants make and change.</summary>
internal static class KeyDescription
{
    public static Task AddAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (!context.Description.ActionDescriptor.EndpointMetadata.OfType<TakesKey>().Any())
        {
            return Task.CompletedTask;
        }

        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = IdempotencyKey.Header,
            In = ParameterLocation.Header,
            Description = MovesMoney.UnderKey.Key,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
        return Task.CompletedTask;
    }
}
