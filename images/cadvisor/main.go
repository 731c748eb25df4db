// Command cadvisor serves what containers of a Docker engine use, as Prometheus metrics. It is cAdvisor as a library,
// since the module of its own command is not published; flags are named as there.
package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"strings"
	"time"

	"github.com/google/cadvisor/cache/memory"
	"github.com/google/cadvisor/container"
	_ "github.com/google/cadvisor/container/docker/install"
	v2 "github.com/google/cadvisor/info/v2"
	"github.com/google/cadvisor/manager"
	"github.com/google/cadvisor/metrics"
	"github.com/google/cadvisor/utils/sysfs"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"k8s.io/utils/clock"
)

// How long what was seen is kept in memory, as by cAdvisor's own command.
const storageDuration = 2 * time.Minute

func main() {
	enabled := container.MetricSet{}
	flag.Var(&enabled, "enable_metrics", "kinds of metrics, with commas between")
	listenIP := flag.String("listen_ip", "", "address to listen on; empty for all")
	port := flag.Int("port", 8080, "port to listen on")
	storeLabels := flag.Bool("store_container_labels", true, "whether all labels of containers become labels of metrics")
	labels := flag.String("whitelisted_container_labels", "", "those that do otherwise, with commas between")
	flag.Parse()

	// The empty prefix is every cgroup's.
	m, err := manager.New(memory.New(storageDuration, nil), sysfs.NewRealSysFs(), manager.HousekeepingConfigFlags, enabled,
		http.DefaultClient, []string{""}, nil, "", 0)
	if err != nil {
		log.Fatalf("cAdvisor cannot look at this machine: %v", err)
	}
	if err := m.Start(); err != nil {
		log.Fatalf("cAdvisor cannot start: %v", err)
	}

	labelsOf := metrics.DefaultContainerLabels
	if !*storeLabels {
		labelsOf = metrics.BaseContainerLabels(strings.Split(*labels, ","))
	}
	registry := prometheus.NewRegistry()
	options := v2.RequestOptions{IdType: v2.TypeName, Count: 1, Recursive: true}
	registry.MustRegister(metrics.NewPrometheusCollector(m, labelsOf, enabled, clock.RealClock{}, options))
	registry.MustRegister(metrics.NewPrometheusMachineCollector(m, enabled))

	http.HandleFunc("/healthz", func(answer http.ResponseWriter, _ *http.Request) { fmt.Fprintln(answer, "ok") })
	http.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
	log.Fatal(http.ListenAndServe(fmt.Sprintf("%s:%d", *listenIP, *port), nil))
}
