using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StellarPay.Frontdoor.Versions;

namespace StellarPay.Frontdoor.OpenApi;

/// <summary>How the API's description speaks of versions.</summary>
internal static class VersionDescription
{
    public static Task AddAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.RelativePath?.StartsWith("v1/", StringComparison.Ordinal) is not true)
        {
            return Task.CompletedTask;
        }

        var first = ApiVersions.Today.First.ToString();
        operation.Deprecated = context.Description.ActionDescriptor.EndpointMetadata.OfType<Deprecation>().Any();
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = ApiVersions.Header,
            In = ParameterLocation.Header,
            Description = $"The version that the request is written for, by its date; {first} where it is left out. The answer names it.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" },
            Example = first,
        });
        return Task.CompletedTask;
    }
}
