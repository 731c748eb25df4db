// Command otelcol-drydock is an OpenTelemetry Collector with what labs need of its contrib distribution.
package main

import (
	"log"

	"github.com/open-telemetry/opentelemetry-collector-contrib/exporter/fileexporter"
	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/healthcheckextension"
	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/groupbyattrsprocessor"
	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/transformprocessor"
	"github.com/open-telemetry/opentelemetry-collector-contrib/receiver/filelogreceiver"
	"github.com/open-telemetry/opentelemetry-collector-contrib/receiver/fluentforwardreceiver"
	"github.com/open-telemetry/opentelemetry-collector-contrib/receiver/splunkhecreceiver"
	"github.com/open-telemetry/opentelemetry-collector-contrib/receiver/syslogreceiver"
	"github.com/open-telemetry/opentelemetry-collector-contrib/receiver/tcplogreceiver"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/otlphttpexporter"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/otelcol"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/service/telemetry/otelconftelemetry"
)

// The version of the modules in go.mod.
const version = "0.145.0"

func main() {
	err := otelcol.NewCommand(otelcol.CollectorSettings{
		BuildInfo: component.BuildInfo{Command: "otelcol-drydock", Description: "OpenTelemetry Collector of Drydock", Version: version},
		Factories: factories,
		ConfigProviderSettings: otelcol.ConfigProviderSettings{ResolverSettings: confmap.ResolverSettings{
			ProviderFactories: []confmap.ProviderFactory{fileprovider.NewFactory(), envprovider.NewFactory()},
			DefaultScheme:     "env",
		}},
	}).Execute()
	if err != nil {
		log.Fatal(err)
	}
}

func factories() (otelcol.Factories, error) {
	return otelcol.Factories{
		Telemetry: otelconftelemetry.NewFactory(),
		Receivers: byType[receiver.Factory](
			filelogreceiver.NewFactory(),
			fluentforwardreceiver.NewFactory(),
			otlpreceiver.NewFactory(),
			splunkhecreceiver.NewFactory(),
			syslogreceiver.NewFactory(),
			tcplogreceiver.NewFactory(),
		),
		Processors: byType[processor.Factory](
			groupbyattrsprocessor.NewFactory(),
			transformprocessor.NewFactory(),
		),
		Exporters: byType[exporter.Factory](
			fileexporter.NewFactory(),
			otlphttpexporter.NewFactory(),
		),
		Extensions: byType[extension.Factory](
			filestorage.NewFactory(),
			healthcheckextension.NewFactory(),
		),
	}, nil
}

func byType[F component.Factory](factories ...F) map[component.Type]F {
	table := make(map[component.Type]F, len(factories))
	for _, factory := range factories {
		table[factory.Type()] = factory
	}
	return table
}
