using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Signing;

namespace StellarPay.Frontdoor.OpenApi;

/// <summary>How the API's description speaks of what is for merchants: by a key, or by somebody who says which merchant he means.</summary>
internal static class MerchantDescription
{
    public const string Scheme = "ApiKey";

    public static OpenApiSecurityScheme SecurityScheme => new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "basic",
        Description = "An API key of a merchant as the user's name, without a password; or as Authorization: Bearer sk_….",
    };

    public static Task AddAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<MerchantOnly>().LastOrDefault() is not { IsInPath: false } only)
        {
            return Task.CompletedTask;
        }

        operation.Security =
        [
            new OpenApiSecurityRequirement
            {
                [new OpenApiSecuritySchemeReference(JwtBearerDefaults.AuthenticationScheme, context.Document)] = [],
            },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] },
        ];
        operation.Description = $"Needs {only.Permission}{(only.OrPublishable ? ", or any publishable key" : "")}."
            + (only.MovesMoney ? " Moves money: by an API key it is signed where the business requires that." : "");
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = MerchantOnly.Header,
            In = ParameterLocation.Header,
            Description = "With an access token: for which of the user's merchants. Not with an API key, which is of one.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = RequestSignature.Header,
            In = ParameterLocation.Header,
            Description = $"With an API key: {RequestSignature.Form} (docs/guides/signed-requests.md). "
                + (only.MovesMoney ? "Required where the business has require_signed_requests." : "Checked where it is sent."),
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
        return Task.CompletedTask;
    }
}
